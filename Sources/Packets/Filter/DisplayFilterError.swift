import Text

/// Why a display filter does not compile: what is wrong, and where in its text.
public struct DisplayFilterError: Error, Hashable, Sendable {
    /// The filter as it was given.
    public let text: String
    /// The place in `text`, in bytes of UTF-8; empty at the end where something is missing.
    public let range: Range<Int>
    /// What is wrong, as a sentence without its full stop.
    public let message: String
    /// What else to try, such as the names that an unknown one resembles.
    public let hint: String?

    /// An error at a place of a filter; `range` counts bytes of UTF-8.
    public init(text: String, range: Range<Int>, message: String, hint: String? = nil) {
        self.text = text
        self.range = range
        self.message = message
        self.hint = hint
    }

    /// The filter on a line of its own with a caret and tildes under the place. Control characters in it are shown as
    /// spaces, so that the caret stays where it belongs and nothing reaches the terminal.
    public var marked: String {
        let bytes = Array(text.utf8)
        var line = ""
        var pointer = ""
        var offset = 0
        for scalar in text.unicodeScalars {
            let harmless: Bool =
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            line.unicodeScalars.append(harmless ? scalar : " ")
            let columns = harmless ? scalar.columns : 1
            let mark = offset == range.lowerBound ? "^" : range.contains(offset) ? "~" : " "
            if columns > 0 { pointer += mark + String(repeating: mark == " " ? " " : "~", count: columns - 1) }
            offset += Unicode.UTF8.width(scalar)
        }
        if range.lowerBound >= bytes.count { pointer += "^" }
        while pointer.last == " " { pointer.removeLast() }
        return "    \(line)\n    \(pointer)"
    }
}

extension DisplayFilterError: CustomStringConvertible {
    public var description: String {
        let line = "\(message.escapedForDisplay)\n\(marked)"
        return hint.map { "\(line)\n\($0.escapedForDisplay)" } ?? line
    }
}
