import Packets
import Text
import Timeline

/// What is to be said of a packet that crossed a wire, or did not, for other formats than ladders.
public enum TwoHostNotes {
    public static func texts(of arrow: TwoHostDiagram.Arrow) -> [String] {
        ([WireNoteText.leaving(arrow)] + arrow.arrived.indices.map { WireNoteText.arriving(arrow, copy: $0) }).filter {
            !$0.isEmpty
        }
    }
}

/// How ladders spell what is to be said beside an arrow.
enum WireNoteText {
    /// What is said where a packet leaves: why it was sent again, and what the wire did to it.
    static func leaving(_ arrow: TwoHostDiagram.Arrow) -> String {
        var words: [String] = []
        for note in arrow.notes {
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
        let saysWhy = arrow.notes.contains { if case .wire = $0 { true } else { false } }
        if arrow.isLost, !saysWhy { words.insert("lost", at: 0) }
        if arrow.arrived.count > 1, !saysWhy { words.append("doubled") }
        return words.joined(separator: "; ")
    }

    /// What is said where it arrives.
    static func arriving(_ arrow: TwoHostDiagram.Arrow, copy: Int) -> String {
        if copy > 0 { return "the same once more" }
        var words: [String] = []
        for note in arrow.notes {
            switch note {
            case .duplicateACK(let number): words.append("duplicate ACK \(number)")
            case .damaged: words.append("wrong checksum: thrown away")
            case .overtaken(let count): words.append("late: overtaken by \(count)")
            default: break
            }
        }
        if arrow.left == nil { words.append("not seen to leave") }
        return words.joined(separator: "; ")
    }

    private static func duration(_ time: Int64) -> String { DurationText.text(nanoseconds: time) }
}
