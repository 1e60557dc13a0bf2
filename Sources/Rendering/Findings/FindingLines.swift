import Diagnosis

/// Findings as lines of one sentence each; what is the same many times is told once, with its number.
public enum FindingLines {
    /// In the order in which each first comes: `client: recv(1024) → EAGAIN: … (3 times)`. Safe to print.
    public static func lines(_ findings: [Finding]) -> [String] {
        var counts: [String: Int] = [:]
        var order: [String] = []
        for finding in findings {
            let sentence = SentenceText.text(finding.sentence)
            if counts[sentence] == nil { order.append(sentence) }
            counts[sentence, default: 0] += 1
        }
        return order.map { sentence in
            let count = counts[sentence] ?? 1
            return count > 1 ? "\(sentence) (\(count) times)" : sentence
        }
    }
}
