/// A place where a rule does not hold.
struct Violation: Sendable, CustomStringConvertible {
    let file: String
    let module: String
    /// Counted from 1.
    let line: Int
    let reason: String

    init(_ file: SourceFile, line: Int, _ reason: String) {
        self.file = file.path
        module = file.module
        self.line = line
        self.reason = reason
    }

    var description: String { "\(file):\(line): \(reason)" }
}

/// Something that holds in every file, checked file by file.
protocol Rule: Sendable {
    func violations(in file: SourceFile) -> [Violation]
}
