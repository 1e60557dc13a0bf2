/// A text broken into lines between its words.
public enum Paragraph {
    /// The lines of a text; a word that is longer than a line has one for itself.
    /// - Parameters:
    ///   - width: the columns that a line may have.
    ///   - first: so many of them are taken in the first line already.
    ///   - indent: spaces in front of each line but the first.
    public static func lines(of text: String, width: Int, first: Int = 0, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: max(0, indent))
        var lines: [String] = []
        var line = ""
        var column = first
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
                column += word.count
            } else if column + 1 + word.count <= width {
                line += " \(word)"
                column += 1 + word.count
            } else {
                lines.append(line)
                line = margin + word
                column = indent + word.count
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
