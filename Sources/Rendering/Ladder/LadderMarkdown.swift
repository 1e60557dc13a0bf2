import Text
import Timeline

/// Draws a scene as a table in GitHub's Markdown, for lab reports.
///
/// Where both ends were captured, times stand on the side of the host that they are of, and a packet has a row where it
/// left and one where it arrived.
public enum LadderMarkdown {
    /// - Parameter abridged: whether long runs of ordinary rows are left out.
    public static func write(_ scene: Scene, abridged: Bool = true, to out: inout OutputBuffer) {
        let rows = LadderRows(scene, abridged: abridged)
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

    private static func row(_ cells: [String], _ out: inout OutputBuffer) {
        out.append(text: "| \(cells.joined(separator: " | ")) |\n")
    }
}
