import Packets
import Text

extension DisplayFilter {
    /// What `-Y` says, compiled; nil where it is not given, or says nothing (as in tshark).
    static func compiled(_ text: String?) throws(CommandFailure) -> DisplayFilter? {
        guard let text, !text.allSatisfy(\.isWhitespace) else { return nil }
        do throws(DisplayFilterError) { return try DisplayFilter(text) } catch { throw CommandFailure(filter: error) }
    }
}

extension CommandFailure {
    /// A display filter that does not compile, with the place marked.
    init(filter error: DisplayFilterError) {
        self.init(
            "display filter: \(error.message)",
            detail: error.hint.map { "\(error.marked)\n\($0.escapedForDisplay)" } ?? error.marked)
    }
}
