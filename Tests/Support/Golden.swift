import Foundation
import Testing

/// Compares text with a file of `Tests/…/Golden/`.
///
/// `make goldens` (NETPROBE_RECORD_GOLDENS=1) writes the files anew; a run that records fails, so that nobody takes a
/// recording for a test that passed.
public func expectGolden(
    _ text: String, _ name: String, file: String = #filePath, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Golden")
    let url = folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["NETPROBE_RECORD_GOLDENS"] == "1" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        Issue.record("recorded \(name): look at the difference and run again", sourceLocation: sourceLocation)
        return
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    if text == expected { return }
    let ours = text.split(separator: "\n", omittingEmptySubsequences: false)
    let theirs = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(ours, theirs).enumerated().first { $1.0 != $1.1 }?.offset ?? min(ours.count, theirs.count)
    Issue.record(
        """
        \(name) differs from line \(line + 1) on
        expected: \(line < theirs.count ? theirs[line] : "(nothing)")
        now:      \(line < ours.count ? ours[line] : "(nothing)")
        """, sourceLocation: sourceLocation)
}
