/// A command as one text, as `--server "python3 echo.py"` has it, taken apart as a shell would.
///
/// Only spaces, quotes and backslashes are read here. What needs a real shell (`|`, `$`, `*`, `;` …) is given to one.
enum CommandWords {
    /// - Returns: nil where there is nothing, or a quote has no end.
    static func split(_ text: String) -> [String]? {
        if needsShell(text) { return ["/bin/sh", "-c", text] }
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch (character, quote) {
            case ("\\", nil):
                guard let next = characters.next() else { return nil }
                word = (word ?? "") + String(next)
            case ("\\", "\""):
                guard let next = characters.next() else { return nil }
                word = (word ?? "") + (next == "\"" || next == "\\" ? "" : "\\") + String(next)
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (let mark, let open?) where mark == open:
                quote = nil
            case (" ", nil), ("\t", nil), ("\n", nil):
                if let done = word { words.append(done) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        if quote != nil { return nil }
        if let word { words.append(word) }
        return words.isEmpty ? nil : words
    }

    /// Whether a character outside of quotes means something to a shell; a variable does inside of double ones, too.
    private static func needsShell(_ text: String) -> Bool {
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open {
                    quote = nil
                } else if open == "\"", character == "$" || character == "`" {
                    return true
                }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if "|&;<>()$`*?[]#~{}\n".contains(character) {
                return true
            }
        }
        return false
    }
}
