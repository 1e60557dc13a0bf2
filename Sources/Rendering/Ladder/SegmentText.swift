import Conversations
import Packets
import Timeline

/// How a ladder labels the arrow of a packet: `PSH+ACK seq 1 ack 1 len 12 [Retransmission]`, `UDP, 44 bytes`,
/// `ICMP port unreachable`.
enum SegmentText {
    /// The label with what the packet carries: `PSH+ACK seq 1 ack 1 len 12 "Hello, world"`.
    static func labelWithData(_ packet: Scene.Packet) -> String {
        let label = label(packet)
        return packet.segment?.words.map { "\(label) \(DataText.text($0))" } ?? label
    }

    /// As much as so many columns take: what it carries is cut off first, then left out, then the label itself is cut.
    static func label(_ packet: Scene.Packet, fitting room: Int) -> String {
        let label = label(packet)
        if label.count > room { return Self.label(packet, marksFirst: false).fitted(room) }
        let data = packet.segment?.words.flatMap { DataText.text($0, fitting: room - label.count - 1) }
        return data.map { "\(label) \($0)" } ?? label
    }

    /// The most that can be told in few columns: numbers are left out before what is carried is cut; nil where not even
    /// its kind has room.
    static func told(_ packet: Scene.Packet, fitting room: Int) -> String? {
        let label = labelWithData(packet)
        if label.count <= room { return label }
        let words = packet.segment?.words
        for head in heads(packet) where head.count <= room {
            guard let words else { return head }
            if let data = DataText.text(words, fitting: room - head.count - 1) { return "\(head) \(data)" }
        }
        if let words, let data = DataText.text(words, fitting: room) { return data }
        return heads(packet).first { $0.count <= room }
    }

    /// Without numbers: what a segment is, then less of it.
    private static func heads(_ packet: Scene.Packet) -> [String] {
        if let error = packet.error { return [label(error), "ICMP\(error.isVersion6 ? "v6" : "")"] }
        guard let segment = packet.segment else { return [] }
        let length = segment.payloadLength > 0 ? "len \(segment.payloadLength)" : ""
        guard let tcp = segment.tcp else { return ["UDP len \(segment.payloadLength)", length, "UDP"] }
        let flags = tcp.flags.description
        // What carries data and is nothing else needs no name.
        if segment.payloadLength > 0, tcp.flags.isSubset(of: [.ack, .psh]) {
            return [marked(packet, "\(flags) \(length)"), length]
        }
        return [marked(packet, length.isEmpty ? flags : "\(flags) \(length)"), flags]
    }

    private static func marked(_ packet: Scene.Packet, _ text: String) -> String {
        let marks = packet.segment.map { Self.marks($0).map { "[\($0)]" } } ?? []
        return (marks + [text]).joined(separator: " ")
    }

    /// - Parameter marksFirst: whether what is remarkable stands before the segment's numbers; behind them, where
    ///   there is no room for both and the end is cut off.
    static func label(_ packet: Scene.Packet, marksFirst: Bool = true) -> String {
        if let error = packet.error { return label(error) }
        guard let segment = packet.segment else { return "" }
        guard let tcp = segment.tcp else {
            return "UDP len \(segment.payloadLength)"
                + fragments(segment)
        }
        var words = [tcp.flags.description]
        // A bare ACK takes no sequence space: its number says nothing that the line before did not.
        if segment.sequenceLength > 0 || tcp.flags.contains(.rst) {
            words.append("seq \(packet.sequence ?? tcp.sequence.rawValue)")
        }
        if tcp.flags.contains(.ack) { words.append("ack \(packet.acknowledgment ?? tcp.acknowledgment.rawValue)") }
        if segment.payloadLength > 0 { words.append("len \(segment.payloadLength)") }
        if packet.isOffloaded { words.append("(offloaded)") }
        if segment.frames > 1 { words.append(String(fragments(segment).dropFirst())) }
        let marks = marks(segment).map { "[\($0)]" }
        return (marksFirst ? marks + words : words + marks).joined(separator: " ")
    }

    /// Nothing for what came in one frame.
    private static func fragments(_ segment: ObservedPacket) -> String {
        segment.frames > 1 ? " (in \(segment.frames) fragments)" : ""
    }

    private static func label(_ error: ICMPRefusal) -> String {
        var text = "ICMP\(error.isVersion6 ? "v6" : "") \(error.name)"
        if let quoted = error.quoted, quoted.destination.address != error.sender { text += " from \(error.sender)" }
        return text
    }

    /// What TCP analysis says, by Wireshark's names.
    private static func marks(_ packet: ObservedPacket) -> [String] {
        // A socket connected to itself repeats its own numbers: both directions are one to the analysis.
        if packet.source == packet.destination { return [] }
        let verdict = packet.verdict.name.map { ["\($0)"] } ?? []
        let answered =
            packet.answers == 0
            ? []
            : [
                packet.marks.contains(.challengeACK)
                    ? "challenge ACK to packet \(packet.answers)" : "answers packet \(packet.answers)"
            ]
        return verdict + answered
            + names.compactMap { mark, name in
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
