import Conversations
import Packets
import Text
import Timeline

/// Draws a sequence diagram in Mermaid's language, which GitHub and many wikis show as a picture.
public enum LadderMermaid {
    public static func write(_ diagram: SequenceDiagram, abridged: Bool = true, to out: inout OutputBuffer) {
        let clock = LadderClock(diagram)
        let steps = diagram.steps(abridged: abridged)
        let cells = steps.map { step -> LadderCells? in
            guard case .row(let row) = step else { return nil }
            return LadderCells(row, diagram, clock)
        }
        let hasClientCalls = cells.contains { $0.map { !$0.clientCall.isEmpty } ?? false }
        let hasServerCalls = cells.contains { $0.map { !$0.serverCall.isEmpty } ?? false }
        out.append("sequenceDiagram\n")
        if hasClientCalls { line("participant p as client program", &out) }
        if let conversation = diagram.conversation {
            line("participant c as \("\(conversation.client)".escapedForMermaid)", &out)
            if !diagram.isSelfConnected { line("participant s as \("\(conversation.server)".escapedForMermaid)", &out) }
        } else {
            line("participant c as client", &out)
            line("participant s as server", &out)
        }
        if hasServerCalls { line("participant q as server program", &out) }
        let wire = diagram.isSelfConnected ? "c" : "c,s"
        for (step, row) in zip(steps, cells) {
            switch step {
            case .row: if let row { write(row, isSelf: diagram.isSelfConnected, &out) }
            case .silence(let gap): line("Note over \(wire): \(OmissionText.silence(gap).escapedForMermaid)", &out)
            case .omitted(let omission):
                let text = OmissionText.parts(omission, isTCP: diagram.conversation?.transport != .udp).joined(
                    separator: ", ")
                line("Note over \(wire): \(text.escapedForMermaid)", &out)
            }
        }
    }

    private static func write(_ row: LadderCells, isSelf: Bool, _ out: inout OutputBuffer) {
        let server = isSelf ? "c" : "s"
        if !row.clientCall.isEmpty { line(call(row.clientCall, program: "p", end: "c"), &out) }
        if !row.serverCall.isEmpty { line(call(row.serverCall, program: "q", end: server), &out) }
        if let arrow = row.arrow {
            let text = "\(row.number) \(arrow)".escapedForMermaid
            switch row.direction {
            case .right: line("c\(row.remarkable ? "--" : "-")>>s: \(text)", &out)
            case .left: line("s\(row.remarkable ? "--" : "-")>>c: \(text)", &out)
            case .back: line("c->>c: \(text)", &out)
            }
        }
        if !row.clientState.isEmpty { line("Note left of c: \(row.clientState)", &out) }
        if !row.serverState.isEmpty { line("Note right of \(server): \(row.serverState)", &out) }
    }

    /// Towards the kernel when it begins, back to the program when it returns.
    private static func call(_ text: String, program: String, end: String) -> String {
        text.hasPrefix("…")
            ? "\(end)-->>\(program): \(text.escapedForMermaid)" : "\(program)->>\(end): \(text.escapedForMermaid)"
    }

    private static func line(_ text: String, _ out: inout OutputBuffer) { out.append(text: "    \(text)\n") }
}
