import Addressing
import Text
import Timeline

/// What the wire did to the packets of one conversation, in two lines.
public enum TwoHostAccount {
    /// - Parameter columns: those that are there; nil for as many as it takes.
    public static func write(_ diagram: TwoHostDiagram, columns: Int? = nil, to out: inout OutputBuffer) {
        for side in [SequenceDiagram.Side.client, .server] {
            let arrows = diagram.arrows.filter { $0.from == side }
            let (here, there) = side == .client ? ("client", "server") : ("server", "client")
            let lost = arrows.count { $0.isLost }
            let doubled = arrows.count { $0.arrived.count > 1 }
            let late = arrows.count { arrow in arrow.notes.contains { if case .overtaken = $0 { true } else { false } }
            }
            let again = arrows.count { arrow in arrow.notes.contains { isRepair($0) } }
            var words = ["\(arrows.count) \(arrows.count == 1 ? "packet" : "packets")", "\(lost) lost"]
            if doubled > 0 { words.append("\(doubled) doubled") }
            if late > 0 { words.append("\(late) overtaken") }
            if again > 0 { words.append("\(again) sent again") }
            var timing: String?
            let times = arrows.compactMap { arrow in
                arrow.left.flatMap { left in arrow.arrived.first?.nanoseconds(since: left) }
            }.sorted()
            if let fastest = times.first, let slowest = times.last {
                let middle = DurationText.text(nanoseconds: times[times.count / 2])
                timing =
                    "under way \(middle) (\(DurationText.text(nanoseconds: fastest)) to \(DurationText.text(nanoseconds: slowest)))"
            }
            let line = "\(here) → \(there)     " + words.joined(separator: ", ")
            guard let timing else {
                out.append(text: line + "\n")
                continue
            }
            let isTooLong = columns.map { line.count + 2 + timing.count > $0 } ?? false
            out.append(text: line + (isTooLong ? "\n" + String(repeating: " ", count: 20) : ", ") + timing + "\n")
        }
    }

    private static func isRepair(_ note: TwoHostDiagram.Note) -> Bool {
        switch note {
        case .timer, .fastRetransmission, .recovery, .answersAgain: true
        default: false
        }
    }
}
