import Conversations
import Packets
import Timeline

/// How a ladder labels the arrow of a packet: `PSH+ACK seq 1 ack 1 len 12`, `44 bytes`.
enum SegmentText {
    static func label(_ packet: ObservedPacket, sequence: UInt32?, acknowledgment: UInt32?, offloaded: Bool) -> String {
        guard let tcp = packet.tcp else { return "UDP, \(packet.payloadLength) \(packet.payloadLength == 1 ? "byte" : "bytes")" }
        var words = [tcp.flags.description]
        // A bare ACK takes no sequence space: its number says nothing that the line before did not.
        if packet.sequenceLength > 0 || tcp.flags.contains(.rst) { words.append("seq \(sequence ?? tcp.sequence.rawValue)") }
        if tcp.flags.contains(.ack) { words.append("ack \(acknowledgment ?? tcp.acknowledgment.rawValue)") }
        if packet.payloadLength > 0 { words.append("len \(packet.payloadLength)") }
        if offloaded { words.append("(offloaded)") }
        return words.joined(separator: " ")
    }
}
