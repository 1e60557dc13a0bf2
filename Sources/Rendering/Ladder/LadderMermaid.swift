import Text
import Timeline

/// Draws a scene in Mermaid's language, which GitHub and many wikis show as a picture.
///
/// Where both ends were captured, an open arrow leaves, and a note at the other end says when it arrived; one with a
/// cross was lost. Mermaid's arrows are level: it has no time.
public enum LadderMermaid {
    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public static func write(_ scene: Scene, abridged: Bool = true, to out: inout OutputBuffer) {
        let rows = LadderRows(scene, abridged: abridged)
        if scene.showsPrograms { return writePrograms(scene, rows, &out) }
        let exchange = scene.exchanges.first
        let isSelf = exchange?.isSelfConnected ?? false
        out.append("sequenceDiagram\n")
        if rows.widest(\.clientCall) > 0 { line("participant p as client program", &out) }
        let ends = exchange.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        line("participant c as \(ends.0.escapedForMermaid)", &out)
        if !isSelf { line("participant s as \(ends.1.escapedForMermaid)", &out) }
        if rows.widest(\.serverCall) > 0 { line("participant q as server program", &out) }
        let wire = isSelf ? "c" : "c,s"
        for row in rows.rows {
            switch row {
            case .cells(let cells, _): write(cells, isSelf: isSelf, rows.clock.unit, &out)
            case .note(let parts, _):
                line("Note over \(wire): \(parts.joined(separator: ", ").escapedForMermaid)", &out)
            }
        }
    }

    /// A participant for each program; calls are notes beside it.
    private static func writePrograms(_ scene: Scene, _ rows: LadderRows, _ out: inout OutputBuffer) {
        out.append("sequenceDiagram\n")
        for lane in scene.lanes.indices {
            line("participant l\(lane) as \(LaneText.name(lane, in: scene).escapedForMermaid)", &out)
        }
        for text in LaneText.legend(scene) { line("Note over l0: \(text.escapedForMermaid)", &out) }
        for row in rows.rows {
            switch row {
            case .note(let parts, _):
                let all = scene.lanes.count > 1 ? "l0,l\(scene.lanes.count - 1)" : "l0"
                line("Note over \(all): \(parts.joined(separator: ", ").escapedForMermaid)", &out)
            case .cells(let cells, _):
                if let arrow = cells.arrow {
                    let (from, to) = ("l\(arrow.fromLane)", "l\(arrow.toLane)")
                    line(
                        packet(arrow, arrow.title(in: scene), from, to, at: to, "\(cells.time) \(rows.clock.unit)"),
                        &out)
                } else {
                    line("Note over l\(cells.lane): \(cells.title(in: scene).escapedForMermaid)", &out)
                }
            }
        }
    }

    private static func write(_ row: LadderCells, isSelf: Bool, _ unit: String, _ out: inout OutputBuffer) {
        let server = isSelf ? "c" : "s"
        if !row.clientCall.isEmpty { line(call(row, row.clientCall, program: "p", end: "c"), &out) }
        if !row.serverCall.isEmpty { line(call(row, row.serverCall, program: "q", end: server), &out) }
        if let arrow = row.arrow {
            let (from, to) = arrow.direction == .left ? ("s", "c") : ("c", "s")
            let title = "\(arrow.number) \(arrow.label)"
            line(packet(arrow, title, from, to, at: row.lane == 0 ? "c" : "s", "\(row.time) \(unit)"), &out)
        }
        if !row.clientState.isEmpty { line("Note left of c: \(row.clientState)", &out) }
        if !row.serverState.isEmpty { line("Note right of \(server): \(row.serverState)", &out) }
    }

    private static func packet(
        _ arrow: LadderCells.Arrow, _ title: String, _ from: String, _ to: String, at place: String, _ time: String
    ) -> String {
        let note = arrow.note.isEmpty ? "" : " (\(arrow.note))"
        let text = (title + note).escapedForMermaid
        let line = arrow.isRemarkable ? "--" : "-"
        switch arrow.part {
        case .passed where arrow.direction == .back: return "\(from)->>\(from): \(text)"
        case .passed: return "\(from)\(line)>>\(to): \(text)"
        case .left: return "\(from)\(line)\(arrow.isLost ? "x" : ")")\(to): \(text)"
        case .arrived: return "Note over \(place): " + "\(arrow.number) arrives at \(time)\(note)".escapedForMermaid
        }
    }

    /// Towards the kernel when it begins, back to the program when it returns.
    private static func call(_ row: LadderCells, _ text: String, program: String, end: String) -> String {
        let text = text.escapedForMermaid
        return row.returns ? "\(end)-->>\(program): \(text)" : "\(program)->>\(end): \(text)"
    }

    private static func line(_ text: String, _ out: inout OutputBuffer) { out.append(text: "    \(text)\n") }
}
