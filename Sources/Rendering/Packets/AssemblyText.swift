import Packets
import Text

/// What a packet has to do with others: the fragments or segments that it completes, or the packet that completes its
/// own.
///
///     [fragment of a datagram completed in 9]        [datagram of packets 7, 8, 9]
///     [segment of a message]                         [message of packets 7, 8, 9]
enum AssemblyText {
    /// So many packets are named.
    private static let longestList = 8

    @inline(__always)
    static func write(
        _ packet: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, before: StaticString,
        after: StaticString, to out: inout OutputBuffer
    ) {
        if facts.completedIn == 0, facts.messagePart.isEmpty, dissection.sources.isEmpty { return }
        writeAll(packet, dissection, facts, before, after, &out)
    }

    private static func writeAll(
        _ packet: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts, _ before: StaticString,
        _ after: StaticString, _ out: inout OutputBuffer
    ) {
        var completesMessage = false
        for index in 0..<dissection.layers.count {
            // What lay apart inside of a message is of no other packet.
            guard dissection.layers[index].kind.role != .application,
                let parts = AssembledParts(of: dissection.layers[index], in: packet)
            else { continue }
            out.append(before)
            let isMessage = dissection.layers[index].kind == .tcp
            completesMessage = completesMessage || isMessage
            out.append(isMessage ? "[message of packets " : "[datagram of packets ")
            for part in 0..<min(parts.count, longestList) {
                if part > 0 { out.append(", ") }
                out.append(decimal: UInt64(parts[part].packet))
            }
            out.append(parts.count > longestList ? " …]" : "]")
            out.append(after)
        }
        if !facts.messagePart.isEmpty, !completesMessage {
            out.append(before)
            out.append("[segment of a message")
            if facts.completedIn > 0 {
                out.append(" completed in ")
                out.append(decimal: UInt64(facts.completedIn))
            }
            out.append(ascii: 93)
            out.append(after)
        }
        guard facts.completedIn > 0, case .fragment = dissection.stop else { return }
        out.append(before)
        out.append(
            Int(facts.completedIn) < facts.number
                ? "[comes again: fragment of the datagram completed in " : "[fragment of a datagram completed in ")
        out.append(decimal: UInt64(facts.completedIn))
        out.append(ascii: 93)
        out.append(after)
    }
}
