import Conversations
import Packets
import Text
import Timeline

/// Draws a sequence diagram as a table in GitHub's Markdown, for lab reports.
public enum LadderMarkdown {
    public static func write(_ diagram: SequenceDiagram, abridged: Bool = true, to out: inout OutputBuffer) {
        let clock = LadderClock(diagram)
        let ends = diagram.conversation.map { ("\($0.client)", "\($0.server)") } ?? ("client", "server")
        row([clock.unit, "client calls", ends.0, "", "packet", ends.1, "server calls"], &out)
        row(["--:", ":--", ":--", "--:", ":--", ":--", ":--"], &out)
        for step in diagram.steps(abridged: abridged) {
            switch step {
            case .row(let diagramRow):
                let cells = LadderCells(diagramRow, diagram, clock)
                let arrow: String =
                    switch cells.direction {
                    case .right: "→"
                    case .left: "←"
                    case .back: "↩"
                    }
                var packet = ""
                if let label = cells.arrow {
                    let text = label.asMarkdownCode
                    packet = cells.remarkable ? "\(arrow) **\(text)**" : "\(arrow) \(text)"
                }
                row(
                    [
                        cells.time, cells.clientCall.asMarkdownCode, cells.clientState, cells.number, packet,
                        cells.serverState,
                        cells.serverCall.asMarkdownCode,
                    ], &out)
            case .silence(let gap):
                row(["", "", "", "", "*\(OmissionText.silence(gap))*", "", ""], &out)
            case .omitted(let omission):
                let text = OmissionText.parts(omission, isTCP: diagram.conversation?.transport != .udp).joined(
                    separator: ", ")
                row(["", "", "", "", "*\(text)*", "", ""], &out)
            }
        }
    }

    private static func row(_ cells: [String], _ out: inout OutputBuffer) {
        out.append(text: "| \(cells.joined(separator: " | ")) |\n")
    }
}
