import Addressing
import Conversations
import Packets

/// Gives a segment the layers of the messages that it completes, instead of those that its own bytes look like.
struct MessageJoiner: Sendable {
    private var reassembler = MessageReassembler()
    private let dissector = Dissector()

    /// Messages that were given up because too much waited.
    var givenUp: Int { reassembler.givenUp }

    /// Looks at a packet whose connection is known.
    /// - Parameters:
    ///   - packet: its bytes.
    ///   - facts: with the stream's number; get what the messages say of each other.
    ///   - whole: gets the packet's bytes, where it completes something.
    /// - Returns: whether the messages of its connection are known.
    mutating func join(
        _ packet: RawSpan, _ dissection: inout Dissection, _ facts: inout PacketFacts, _ whole: inout PacketBytes
    ) -> Bool {
        facts.messagePart = 0..<0
        facts.transport.noteAnswer(to: 0, after: 0)
        guard let index = Self.segment(in: dissection) else { return false }
        let layer = dissection.layers[index]
        guard let place = Self.place(of: layer, in: packet, facts) else { return false }
        let segment = MessageReassembler.Segment(
            layer: layer, stream: place.stream, first: place.first, packet: UInt32(truncatingIfNeeded: facts.number),
            time: facts.timestamp?.nanoseconds(since: .epoch) ?? 0)
        guard let outcome = reassembler.take(segment, in: packet) else { return false }
        facts.transport.noteAnswer(to: outcome.request, after: outcome.requestTime)
        guard outcome.isKnown else { return false }
        facts.messagePart = outcome.part(of: layer.payload)
        apply(outcome, to: index, packet, &dissection, &whole)
        joinPieces(after: index, packet, UInt32(truncatingIfNeeded: facts.number), &dissection, &whole)
        return true
    }

    /// The packet's own TCP layer.
    private static func segment(in dissection: borrowing Dissection) -> Int? {
        for index in 0..<dissection.layers.count {
            switch dissection.layers[index].kind {
            case .tcp: return dissection.layers[index].isQuoted ? nil : index
            case .udp, .udplite, .icmp, .icmpv6: return nil
            default: continue
            }
        }
        return nil
    }

    /// The connection's number, and the sequence number of its first byte in this direction.
    private static func place(
        of layer: LayerRange, in packet: RawSpan, _ facts: borrowing PacketFacts
    ) -> (stream: UInt32, first: UInt32?)? {
        let start = Int(layer.start)
        guard start &+ 8 <= packet.byteCount else { return nil }
        let sequence = packet.uint32(at: start &+ 4)
        if facts.transport.tcpLayer == layer.start, facts.transport.has.contains(.stream) {
            let isRelative = facts.transport.has.contains(.sequence)
            return (facts.transport.connection, isRelative ? sequence &- facts.transport.sequence &+ 1 : nil)
        }
        guard let stream = facts.stream.number else { return nil }
        return (stream, facts.stream.relativeSequence.map { sequence &- $0 &+ 1 })
    }

    private func apply(
        _ outcome: MessageReassembler.Outcome, to index: Int, _ packet: RawSpan, _ dissection: inout Dissection,
        _ whole: inout PacketBytes
    ) {
        let messages = outcome.messages
        if messages.count == 1, case .inSegment(let range) = messages[0],
            Self.has(dissection, index, outcome.kind, range)
        {
            return
        }
        let segment = dissection.layers[index]
        dissector.clear(after: index, hidesData: !outcome.showsData, in: &dissection)
        for message in messages {
            switch message {
            case .inSegment(let range):
                dissector.dissect(packet, messages: range, of: outcome.kind, over: segment, into: &dissection)
            case .joined(let bytes, let parts):
                if dissection.sources.isEmpty { whole.begin(with: packet) }
                let source = whole.append(bytes, parts: parts)
                dissector.add(source, to: index, in: &dissection)
                let all = whole.all
                dissector.dissect(
                    all.rawSpan, messages: source.range, of: outcome.kind, over: segment, into: &dissection)
            }
        }
    }

    /// Puts together what lies apart in the messages: a handshake message in several TLS records.
    private func joinPieces(
        after index: Int, _ packet: RawSpan, _ number: UInt32, _ dissection: inout Dissection,
        _ whole: inout PacketBytes
    ) {
        guard dissection.layers.count > index + 1 else { return }
        if dissection.sources.isEmpty {
            dissector.joinPieces(after: index, packet, number: number, in: &dissection, &whole)
        } else {
            let all = whole.all
            dissector.joinPieces(after: index, all.rawSpan, number: number, in: &dissection, &whole)
        }
    }

    /// Whether the segment by itself was found to carry just that.
    private static func has(
        _ dissection: borrowing Dissection, _ index: Int, _ kind: LayerKind, _ range: Range<Int>
    ) -> Bool {
        dissection.layers.count == index + 2 && dissection.layers[index + 1].kind == kind
            && dissection.layers[index + 1].range == range
    }
}
