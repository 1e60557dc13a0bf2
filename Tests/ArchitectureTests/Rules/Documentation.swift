/// Whoever uses a module learns from comments what its public declarations mean.
struct Documentation: Rule {
    /// What a protocol of the standard library has explained already; also labels, as in
    /// `init(rawValue:)`.
    private static let explained: Set = [
        "description", "debugDescription", "hash", "encode", "makeIterator", "=", "<", "rawValue",
        "integerLiteral", "stringLiteral",
    ]
    private static let modifiers: Set = [
        "static", "class", "final", "mutating", "nonmutating", "override", "convenience", "required", "lazy",
        "nonisolated", "unsafe", "isolated", "indirect", "consuming", "borrowing", "weak", "unowned", "optional",
        "prefix", "postfix", "infix", "package", "private", "internal", "fileprivate", "set", "(", ")", "dynamic",
    ]
    private static let declarations: Set = [
        "func", "init", "var", "let", "struct", "class", "enum", "protocol", "actor", "typealias", "subscript",
    ]

    func violations(in file: SourceFile) -> [Violation] {
        file.tokens.indices.compactMap { index in
            guard file.tokens[index].text == "public", let name = declaredName(after: index, file.tokens) else {
                return nil
            }
            let line = file.tokens[index].line
            guard !Self.explained.contains(name), !isDocumented(line, file) else { return nil }
            return Violation(file, line: line, "\(name) is public and has no comment")
        }
    }

    /// The name of what is declared, or `nil` where `public` begins an extension or an import.
    private func declaredName(after index: Int, _ tokens: [SourceFile.Token]) -> String? {
        var place = index + 1
        while place < tokens.count {
            let word = tokens[place].text
            let next = place + 1 < tokens.count ? tokens[place + 1].text : ""
            // `class func` is a modifier and a declaration, `class Name` a declaration.
            if Self.declarations.contains(word), !(word == "class" && Self.declarations.contains(next)) {
                guard ["init", "subscript"].contains(word) else { return next }
                // `init(rawValue:)`, `init?(rawValue:)`
                let label = tokens[(place + 1)...].first { !["(", "?"].contains($0.text) }
                return label.map { Self.explained.contains($0.text) ? $0.text : word }
            }
            guard Self.modifiers.contains(word) else { return nil }
            place += 1
        }
        return nil
    }

    /// Whether a documentation comment stands above a line; attributes may stand between the two.
    private func isDocumented(_ line: Int, _ file: SourceFile) -> Bool {
        var above = line - 2
        while above >= 0 {
            let text = file.lines[above].drop { $0 == " " }
            if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
            // `@inlinable public var a: Int { 0 }` is a declaration of its own, which has its own comment.
            let isAttribute = text.hasPrefix("@") && !text.contains("public ")
            guard isAttribute || text.hasPrefix("#if") || text.hasPrefix("// swift-format-ignore") else { return false }
            above -= 1
        }
        return false
    }
}
