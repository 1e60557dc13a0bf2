/// A line fits beside another window.
///
/// `swift format` wraps all but long string literals; those are to be split by hand, with `+` or a `"""` literal whose
/// lines end in `\`.
struct LineLength: Rule {
    static let limit = 120
    /// Files whose lines are another language's, or are generated.
    static let exempt: Set = ["Sources/Addressing/PortNamesTable.swift"]

    func violations(in file: SourceFile) -> [Violation] {
        guard !Self.exempt.contains(file.path) else { return [] }
        return file.lines.indices.compactMap { index in
            let line = file.lines[index]
            guard line.utf8.count > Self.limit, line.count > Self.limit else { return nil }
            let isLiteral = file.linesWithLongLiterals.contains(index + 1)
            return Violation(
                file, line: index + 1, "\(line.count) columns" + (isLiteral ? ", by a string literal" : ""))
        }
    }
}

/// One concept a file.
struct FileLength: Rule {
    static let limit = 400
    /// Nothing but a table.
    static let exempt: Set = ["Sources/Addressing/PortNamesTable.swift"]

    func violations(in file: SourceFile) -> [Violation] {
        file.lines.count <= Self.limit || Self.exempt.contains(file.path)
            ? [] : [Violation(file, line: Self.limit + 1, "\(file.lines.count) lines")]
    }
}
