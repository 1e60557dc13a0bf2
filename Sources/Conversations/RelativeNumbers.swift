import Addressing
import Packets

/// Gives each packet its place in its conversation: the stream's number, and TCP's sequence and acknowledgment numbers
/// relative to each side's first, as people read them.
///
/// A side's base is its SYN's number. Where the capture began in the middle, it is one below the first number seen, so
/// that data still begins at 1 (Wireshark does the same). A SYN with another number on the same ports is a new
/// conversation.
public struct RelativeNumbers: Sendable {
    private struct Bases: Sendable {
        var lower: UInt32 = 0
        var upper: UInt32 = 0
        /// Bits: 1 lower known, 2 upper known.
        var known: UInt8 = 0
        var number: UInt32 = 0
    }

    private var table: FlowTable
    private var bases: [Bases] = []
    private var tcpCount: UInt32 = 0
    private var udpCount: UInt32 = 0

    public init(seed: UInt64) { table = FlowTable(seed: seed) }

    /// The stream facts of one packet; empty where it has no TCP or UDP layer of its own (one quoted in an ICMP error
    /// does not count).
    public mutating func facts(of record: RawSpan, _ dissection: borrowing Dissection) -> StreamFacts {
        var facts = StreamFacts()
        // `TransportEnds` in short: this is asked for every packet, and only wants the key.
        var carrier = -1
        for index in 0..<dissection.layers.count {
            switch dissection.layers[index].kind {
            case .ipv4, .ipv6: carrier = index
            case .icmp, .icmpv6: return facts
            case .tcp, .udp, .udplite:
                guard carrier >= 0,
                    let (key, direction) = FlowKey.of(
                        dissection.layers[index], over: dissection.layers[carrier], record)
                else {
                    return facts
                }
                note(key, direction, dissection.layers[index], record, &facts)
                return facts
            default: continue
            }
        }
        return facts
    }

    private mutating func note(
        _ key: FlowKey, _ direction: FlowDirection, _ layer: LayerRange, _ record: RawSpan, _ facts: inout StreamFacts
    ) {
        var (index, isNew) = table.number(of: key)
        guard layer.kind == .tcp, let segment = try? TCPSegment(record.extracting(layer.range)) else {
            if isNew { addStream(.udp) }
            facts.number = bases[index].number
            return
        }
        let flags = segment.flags
        let sequence = segment.sequence.rawValue
        if !isNew, flags.contains(.syn), !flags.contains(.ack) {
            let known = bases[index].known & (direction == .lowerToUpper ? 1 : 2) != 0
            let base = direction == .lowerToUpper ? bases[index].lower : bases[index].upper
            if known, base != sequence {
                index = table.restart(key)
                isNew = true
            }
        }
        if isNew { addStream(.tcp) }
        let opening = flags.contains(.syn)
        let acknowledges = flags.contains(.ack)
        let acknowledgment = segment.acknowledgment.rawValue
        var state = bases[index]
        switch direction {
        case .lowerToUpper:
            if state.known & 1 == 0 {
                state.lower = opening ? sequence : sequence &- 1
                state.known |= 1
            }
            if acknowledges, state.known & 2 == 0 {
                state.upper = acknowledgment &- 1
                state.known |= 2
            }
            facts.relativeSequence = sequence &- state.lower
            if acknowledges { facts.relativeAcknowledgment = acknowledgment &- state.upper }
        case .upperToLower:
            if state.known & 2 == 0 {
                state.upper = opening ? sequence : sequence &- 1
                state.known |= 2
            }
            if acknowledges, state.known & 1 == 0 {
                state.lower = acknowledgment &- 1
                state.known |= 1
            }
            facts.relativeSequence = sequence &- state.upper
            if acknowledges { facts.relativeAcknowledgment = acknowledgment &- state.lower }
        }
        bases[index] = state
        facts.number = state.number
    }

    /// Streams are counted for each transport apart, as Wireshark does.
    private mutating func addStream(_ transport: Transport) {
        var entry = Bases()
        switch transport {
        case .tcp:
            entry.number = tcpCount
            tcpCount &+= 1
        case .udp:
            entry.number = udpCount
            udpCount &+= 1
        }
        bases.append(entry)
    }
}
