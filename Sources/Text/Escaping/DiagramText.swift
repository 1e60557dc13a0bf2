extension String {
    /// The text of a message in Mermaid's sequence diagrams: a semicolon ends a statement and a hash begins an entity;
    /// angle brackets would be HTML.
    public var escapedForMermaid: String {
        respelled(["#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "&": "#amp;"])
    }

    /// The text as a code span in a cell of a Markdown table; empty text stays empty. In a code span nothing is markup,
    /// but a bar still ends the cell and a backquote the span.
    public var asMarkdownCode: String { isEmpty ? "" : "`" + respelled(["|": "\\|", "`": "'"]) + "`" }

    /// The text in a cell of a Markdown table, where it is to be read as it stands.
    public var escapedForMarkdown: String {
        respelled([
            "\\": "\\\\", "|": "\\|", "`": "\\`", "*": "\\*", "_": "\\_", "[": "\\[", "~": "\\~", "<": "&lt;",
            "&": "&amp;",
        ])
    }

    /// The text with the characters that mean something in a format spelled as that format wants them.
    private func respelled(_ spellings: [Unicode.Scalar: String]) -> String {
        guard unicodeScalars.contains(where: { spellings[$0] != nil }) else { return self }
        var result = ""
        for character in unicodeScalars {
            if let spelling = spellings[character] {
                result += spelling
            } else {
                result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
