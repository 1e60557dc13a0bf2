import Diagnosis
import Text

/// What came of a run or a demo, in the few lines that stand in front of everything else.
public enum VerdictText {
    /// The findings of a run, each with a mark of how it is: ✗ failed, ! may have gone wrong, ✓ worked.
    /// - Parameter columns: where lines are broken.
    public static func write(_ verdict: RunVerdict, columns: Int, to out: inout OutputBuffer) {
        for entry in verdict.entries {
            let text = SentenceText.text(entry.finding.sentence)
            let times = entry.count > 1 ? " (\(entry.count) times)" : ""
            write(text + times, mark(entry.finding.severity), style(entry.finding.severity), columns, &out)
        }
        if verdict.others > 0 {
            let others = verdict.others == 1 ? "1 more call failed" : "\(verdict.others) more calls failed"
            write("\(others): see --ndjson.", " ", .plain, columns, &out)
        }
    }

    /// The sentence of a demo.
    public static func write(
        _ text: String, isGood: Bool, columns: Int, to out: inout OutputBuffer
    ) {
        write(text, isGood ? "✓" : "✗", isGood ? .green : .red, columns, &out)
    }

    private static func write(
        _ text: String, _ mark: String, _ style: OutputBuffer.Style, _ columns: Int, _ out: inout OutputBuffer
    ) {
        out.append(style: style)
        out.append(text: mark)
        out.append(style: .plain)
        out.append(ascii: 32)
        // Long lines are hard to read.
        for line in Paragraph.lines(of: text, width: min(columns, longest), first: 2, indent: 2) {
            out.append(text: line)
            out.append(ascii: 10)
        }
    }

    private static let longest = 100

    private static func mark(_ severity: Finding.Severity) -> String {
        switch severity {
        case .failure: "✗"
        case .warning: "!"
        case .note, .success: "✓"
        }
    }

    private static func style(_ severity: Finding.Severity) -> OutputBuffer.Style {
        switch severity {
        case .failure: .red
        case .warning: .yellow
        case .note, .success: .green
        }
    }
}
