import Diagnosis
import Packets
import Sockets
import Text

/// Stories as text: a heading a conversation, then a paragraph a finding, with the packets that it rests on in front
/// and the socket calls behind it below.
public struct StoryText {
    private let columns: Int
    private let evidence: EvidenceText

    /// - Parameters:
    ///   - columns: where lines are broken; nil for 100.
    ///   - calls: the socket calls that findings name.
    ///   - failures: those of them that failed, and why.
    public init(columns: Int?, calls: [SocketCall] = [], failures: [CallFailure] = []) {
        self.columns = max(40, columns ?? 100)
        evidence = EvidenceText(calls: calls, failures: failures)
    }

    /// A conversation: heading and findings.
    public func write(_ story: Story, to out: inout OutputBuffer) {
        writeHeading(Self.heading(story), &out)
        for finding in story.findings { write(finding, &out) }
    }

    /// What was found under a topic.
    public func write(_ story: TopicStory, to out: inout OutputBuffer) {
        writeHeading("\(story.topic.subject): \(story.topic.about)", &out)
        for finding in story.findings { write(finding, &out) }
    }

    /// What matters most, each with the heading under which it stands.
    public func write(_ foremost: Foremost, to out: inout OutputBuffer) {
        writeHeading("What matters most", &out)
        for entry in foremost.all {
            let more = entry.others > 0 ? " (\(entry.others) more like it)" : ""
            write(
                entry.finding, label: "\(entry.subject), \(EvidenceText.label(entry.finding)): ", more: more, &out)
        }
    }

    private func writeHeading(_ text: String, _ out: inout OutputBuffer) {
        out.append(style: .bold)
        out.append(text: text + "\n")
        out.append(style: .plain)
    }

    /// `tcp.stream 3: client 10.0.0.1:40000 → server 10.0.0.2:80`
    static func heading(_ story: Story) -> String {
        let names = story.endNames
        return "\(story.subject): \(names.client) \(story.client) → \(names.server) \(story.server)"
    }

    private func write(_ finding: Finding, _ out: inout OutputBuffer) {
        write(finding, label: EvidenceText.label(finding) + ": ", &out)
        for call in evidence.calls(finding) { write(call, &out) }
    }

    private func write(_ finding: Finding, label: String, more: String = "", _ out: inout OutputBuffer) {
        out.append(text: "  ")
        out.append(style: .dim)
        out.append(text: label)
        out.append(style: .plain)
        out.append(style: Self.style(finding.severity))
        wrap(SentenceText.text(finding.sentence) + more, from: 2 + label.count, indent: 4, &out)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private static func style(_ severity: Finding.Severity) -> OutputBuffer.Style {
        switch severity {
        case .note: .plain
        case .success: .green
        case .warning: .yellow
        case .failure: .red
        }
    }

    private func write(_ call: SocketCall, _ out: inout OutputBuffer) {
        out.append(style: .cyan)
        out.append(text: "      ")
        wrap(evidence.text(call), from: 6, indent: 8, &out)
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private func wrap(_ text: String, from start: Int, indent: Int, _ out: inout OutputBuffer) {
        var column = start
        var isFirst = true
        for word in text.split(separator: " ") {
            if !isFirst, column + 1 + word.count > columns {
                out.append(ascii: 10)
                out.append(spaces: indent)
                column = indent
            } else if !isFirst {
                out.append(ascii: 32)
                column += 1
            }
            out.append(text: String(word))
            column += word.count
            isFirst = false
        }
    }
}
