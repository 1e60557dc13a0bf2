import Packets
import Text
import Timeline

/// How ladders spell what is to be said of a packet that was captured where it left and where it arrived, or should
/// have.
public enum PassageText {
    /// All that is to be said.
    public static func texts(of packet: Scene.Packet) -> [String] {
        ([leaving(packet)] + packet.arrived.indices.map { arriving(packet, copy: $0) }).filter { !$0.isEmpty }
    }

    /// Which addresses the server's host sees, where those are others; nil where they are not.
    static func translation(_ exchange: Scene.Exchange) -> String? {
        exchange.translated.map {
            "addresses are translated on the way: the server's host sees \($0.client) and \($0.server)"
        }
    }

    /// What is said where a packet leaves: why it was sent again, and what the wire did to it.
    static func leaving(_ packet: Scene.Packet) -> String {
        var words: [String] = []
        for note in packet.notes {
            switch note {
            case .timer(let wait): words.append("sent again (timer" + (wait.map { ", \(duration($0))" } ?? "") + ")")
            case .fastRetransmission(let duplicates, let wait):
                words.append(
                    "fast retransmission (\(duplicates) duplicate \(duplicates == 1 ? "ACK" : "ACKs")"
                        + (wait.map { ", \(duration($0))" } ?? "") + ")")
            case .answersAgain: words.append("answers the SYN once more")
            case .recovery(let wait):
                words.append("sent again (still repairing" + (wait.map { ", \(duration($0))" } ?? "") + ")")
            case .zeroWindow: words.append("window 0: wait")
            case .zeroWindowProbe: words.append("probes the closed window")
            case .windowUpdate: words.append("window opens")
            case .keepAlive: words.append("keep-alive")
            case .wire(let text): words.append(text.escapedForDisplay)
            case .duplicateACK, .overtaken, .damaged: break
            }
        }
        let saysWhy = packet.notes.contains { if case .wire = $0 { true } else { false } }
        if packet.isLost, !saysWhy { words.insert("lost", at: 0) }
        if packet.isDoubled, !saysWhy { words.append("doubled") }
        if packet.pieces.count > 1 { words.append("arrives in \(packet.pieces.count) pieces") }
        if packet.missingBytes > 0 { words.append("\(packet.missingBytes) of its bytes are lost") }
        return words.joined(separator: "; ")
    }

    /// What is said where it arrives.
    static func arriving(_ packet: Scene.Packet, copy: Int) -> String {
        if copy > 0, packet.isDoubled { return "the same once more" }
        var words: [String] = []
        if packet.pieces.indices.contains(copy) {
            words.append(piece(packet.pieces[copy], of: packet))
            // What is said of the packet stands at its first piece.
            if copy > 0 { return words.joined(separator: "; ") }
        }
        for note in packet.notes {
            switch note {
            case .duplicateACK(let number): words.append("duplicate ACK \(number)")
            case .damaged: words.append("wrong checksum: thrown away")
            case .overtaken(let count): words.append("late: overtaken by \(count)")
            default: break
            }
        }
        if packet.left == nil { words.append("not seen to leave") }
        return words.joined(separator: "; ")
    }

    /// A segment that is longer than what left has others' bytes, too.
    private static func piece(_ piece: Scene.Packet.Piece, of packet: Scene.Packet) -> String {
        let isJoined = piece.length > packet.segment?.payloadLength ?? 0
        return (piece.sequence.map { "seq \($0) " } ?? "") + "len \(piece.length)"
            + (isJoined ? ": joined with others on the way" : "")
    }

    private static func duration(_ time: Int64) -> String { DurationText.text(nanoseconds: time) }
}
