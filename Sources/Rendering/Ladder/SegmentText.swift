import Conversations
import Packets
import Timeline

/// How a ladder labels the arrow of a packet: `PSH+ACK seq 1 ack 1 len 12 [Retransmission]`, `UDP, 44 bytes`,
/// `ICMP port unreachable`.
enum SegmentText {
    /// - Parameter marksFirst: whether what is remarkable stands before the segment's numbers; behind them, where
    ///   there is no room for both and the end is cut off.
    static func label(
        _ packet: ObservedPacket, sequence: UInt32?, acknowledgment: UInt32?, in conversation: Conversation?,
        marksFirst: Bool = true
    ) -> String {
        guard let tcp = packet.tcp else {
            return "UDP, \(packet.payloadLength) \(packet.payloadLength == 1 ? "byte" : "bytes")"
        }
        var words = [tcp.flags.description]
        // A bare ACK takes no sequence space: its number says nothing that the line before did not.
        if packet.sequenceLength > 0 || tcp.flags.contains(.rst) {
            words.append("seq \(sequence ?? tcp.sequence.rawValue)")
        }
        if tcp.flags.contains(.ack) { words.append("ack \(acknowledgment ?? tcp.acknowledgment.rawValue)") }
        if packet.payloadLength > 0 { words.append("len \(packet.payloadLength)") }
        if conversation?.isOffloaded(packet) == true { words.append("(offloaded)") }
        let marks = marks(packet, in: conversation).map { "[\($0)]" }
        return (marksFirst ? marks + words : words + marks).joined(separator: " ")
    }

    static func label(_ error: ICMPRefusal, in conversation: Conversation?) -> String {
        var text = "ICMP\(error.isVersion6 ? "v6" : "") \(error.name)"
        if let quoted = error.quoted, quoted.destination.address != error.sender { text += " from \(error.sender)" }
        return text
    }

    /// What TCP analysis says, by Wireshark's names.
    static func marks(_ packet: ObservedPacket, in conversation: Conversation?) -> [String] {
        // A socket connected to itself repeats its own numbers: both directions are one to the analysis.
        if packet.source == packet.destination { return [] }
        return names.compactMap { mark, name in
            guard packet.marks.contains(mark) else { return nil }
            return mark == .duplicateACK ? "Dup ACK \(packet.duplicateOf)#\(packet.duplicateNumber)" : "\(name)"
        }
    }

    private static let names: [(TCPMarks, StaticString)] = [
        (.reusedPorts, "Port numbers reused"), (.lostSegment, "Previous segment not captured"),
        (.fastRetransmission, "Fast Retransmission"),
        (.spuriousRetransmission, "Spurious Retransmission"), (.retransmission, "Retransmission"),
        (.outOfOrder, "Out-Of-Order"),
        (.acknowledgesLostSegment, "ACKed unseen segment"), (.duplicateACK, "Dup ACK"),
        (.zeroWindowProbeACK, "ZeroWindowProbeAck"),
        (.zeroWindowProbe, "ZeroWindowProbe"), (.zeroWindow, "ZeroWindow"), (.windowFull, "Window Full"),
        (.windowUpdate, "Window Update"),
        (.keepAliveACK, "Keep-Alive ACK"), (.keepAlive, "Keep-Alive"),
    ]
}
