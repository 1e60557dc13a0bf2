import Text
import Timeline

/// Draws a scene as a table in GitHub's Markdown, for lab reports.
///
/// Where both ends were captured, times stand on the side of the host that they are of, and a packet has a row where it
/// left and one where it arrived.
public enum LadderMarkdown {
    /// Writes the table; that of the picture of everything has a column for each program.
    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public static func write(_ scene: Scene, abridged: Bool = true, to out: inout OutputBuffer) {
        let rows = LadderRows(scene, abridged: abridged)
        if scene.showsPrograms { return writePrograms(scene, rows, &out) }
        let ends = scene.exchanges.first.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        let unit = rows.clock.unit
        let times = scene.hasBothEnds
        row([unit, "client calls", ends.0, "", "packet", ends.1, "server calls"] + (times ? [unit] : []), &out)
        row(["--:", ":--", ":--", "--:", ":--", ":--", ":--"] + (times ? ["--:"] : []), &out)
        for step in rows.rows {
            switch step {
            case .cells(let cells, _):
                let isLeft = !times || cells.lane == 0
                row(
                    [
                        isLeft ? cells.time : "", cells.clientCall.asMarkdownCode, cells.clientState,
                        cells.arrow?.number ?? "",
                        cells.arrow.map(packet) ?? "", cells.serverState, cells.serverCall.asMarkdownCode,
                    ] + (times ? [isLeft ? "" : cells.time] : []), &out)
            case .note(let parts, _):
                row(["", "", "", "", "*\(parts.joined(separator: ", "))*", "", ""] + (times ? [""] : []), &out)
            }
        }
        if let text = scene.exchanges.first.flatMap(PassageText.translation) { out.append(text: "\n(\(text))\n") }
    }

    /// `` → `SYN seq 0` ``; an arrival, which repeats nothing, `→ *arrives*`; with what is to be said of it.
    private static func packet(_ arrow: LadderCells.Arrow) -> String {
        let direction =
            switch arrow.direction {
            case .right: "→"
            case .left: "←"
            case .back: "↩"
            }
        var text: String
        if case .arrived = arrow.part {
            text = "*arrives*"
        } else {
            text = arrow.isRemarkable ? "**\(arrow.label.asMarkdownCode)**" : arrow.label.asMarkdownCode
            if arrow.isLost { text += " ✗" }
        }
        if !arrow.note.isEmpty { text += " (\(arrow.note.escapedForMarkdown))" }
        return "\(direction) \(text)"
    }

    /// A packet stands in its sender's column, and its number in its receiver's.
    private static func writePrograms(_ scene: Scene, _ rows: LadderRows, _ out: inout OutputBuffer) {
        for line in LaneText.legend(scene) { out.append(text: "- \(line)\n") }
        if scene.exchanges.count > 1 { out.append(ascii: 10) }
        let empty = scene.lanes.map { _ in "" }
        row([rows.clock.unit] + scene.lanes.indices.map { LaneText.name($0, in: scene).escapedForMarkdown }, &out)
        row(["--:"] + empty.map { _ in ":--" }, &out)
        for step in rows.rows {
            var columns = empty
            switch step {
            case .note(let parts, _):
                columns[0] = "*\(parts.joined(separator: ", "))*"
                row([""] + columns, &out)
            case .cells(let cells, _):
                columns[cells.lane] = cells.title(in: scene).asMarkdownCode
                if let arrow = cells.arrow {
                    let (from, to) = (arrow.fromLane, arrow.toLane)
                    let sign = arrow.direction == .right ? "→" : arrow.direction == .left ? "←" : "↩"
                    let title = arrow.title(in: scene).asMarkdownCode
                    let note = arrow.note.isEmpty ? "" : " (\(arrow.note.escapedForMarkdown))"
                    let lost = arrow.isLost ? " ✗" : ""
                    let sent = (arrow.isRemarkable ? "**\(title)**" : title) + lost
                    let leaving = arrow.direction == .left ? "\(sign) \(sent)\(note)" : "\(sent) \(sign)\(note)"
                    let came = arrow.direction == .left ? "\(arrow.number) \(sign)" : "\(sign) \(arrow.number)"
                    switch arrow.part {
                    case .passed where from != to:
                        columns[from] = leaving
                        columns[to] = came
                    case .passed, .left: columns[from] = leaving
                    case .arrived: columns[to] = "\(came) *arrives*\(note)"
                    }
                }
                row([cells.time] + columns, &out)
            }
        }
    }

    private static func row(_ cells: [String], _ out: inout OutputBuffer) {
        out.append(text: "| \(cells.joined(separator: " | ")) |\n")
    }
}
