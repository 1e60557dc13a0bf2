import Addressing
import Packets

/// Gives each segment its place in its connection: the stream's number, and sequence and acknowledgment numbers
/// relative to each side's first, as people read them. This is the short way for callers that need nothing else;
/// `TransportAnalyzer` finds out everything.
public struct RelativeNumbers: Sendable {
    /// Nothing else is kept of a connection.
    private struct Nothing: ConnectionContent {
        var awaitsAnswer: Bool { false }
    }

    private var connections: ConnectionTable<Nothing>

    /// - Parameter seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(seed: UInt64) { connections = ConnectionTable(seed: seed, keeping: .latest) }

    /// The stream facts of one packet; empty where it has no TCP layer of its own (one quoted in an ICMP error does not
    /// count).
    public mutating func facts(of record: RawSpan, _ dissection: borrowing Dissection) -> StreamFacts {
        var facts = StreamFacts()
        // `TransportEnds` in short: this is asked for every packet, and only wants the key.
        var carrier = -1
        for index in 0..<dissection.layers.count {
            switch dissection.layers[index].kind {
            case .ipv4, .ipv6: carrier = index
            case .tcp:
                guard carrier >= 0,
                    let (key, direction) = FlowKey.of(
                        dissection.layers[index], over: dissection.layers[carrier], record)
                else { return facts }
                note(key, direction, dissection.layers[index], record, &facts)
                return facts
            case .udp, .udplite, .icmp, .icmpv6: return facts
            default: continue
            }
        }
        return facts
    }

    private mutating func note(
        _ key: FlowKey, _ direction: FlowDirection, _ layer: LayerRange, _ record: RawSpan, _ facts: inout StreamFacts
    ) {
        guard let segment = AnalyzedSegment(record.extracting(layer.range), layer, packet: 0, time: 0) else { return }
        let place = connections.place(of: segment, key, direction) { _, _ in Nothing() }.place
        let numbers = connections[place].numbers
        facts.number = connections[place].stream
        facts.relativeSequence = numbers.of(direction).map { segment.sequence &- $0 }
        if segment.flags.contains(.ack) {
            facts.relativeAcknowledgment = numbers.of(direction.opposite).map { segment.acknowledgment &- $0 }
        }
    }
}
