import Diagnosis
import Rendering
import Text

/// What `handshakes` and `ladder` do with many attempts that came to nothing: between two hosts the first ten have a
/// card or a ladder, the rest is told in a sentence.
extension VainAttempts {
    /// For a command that shows each of a few.
    static var shown: VainAttempts { VainAttempts(individuallyPerPair: 10) }

    /// Writes what was not shown, behind the rest; nothing where everything was.
    func writeSums(to out: inout OutputBuffer) {
        let findings = findings
        guard !findings.isEmpty else { return }
        out.append(ascii: 10)
        StoryText(columns: Terminal.columns).write(TopicStory(Self.topic, findings), to: &out)
    }
}
