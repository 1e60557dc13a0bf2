/// A Swift file as the rules see it.
struct SourceFile: Sendable {
    /// From the checkout's top folder: `Sources/Packets/Core/Layer.swift`.
    let path: String
    let lines: [Substring]
    /// The words and signs of the code, without comments and the text of literals.
    let tokens: [Token]
    /// The lines, counted from 1, whose 121st column stands in a string literal.
    let linesWithLongLiterals: Set<Int>

    /// A word, a number, or a single sign.
    struct Token: Sendable, Equatable {
        let text: String
        /// Counted from 1.
        let line: Int
        /// Whether white space stands before it.
        let isSpaced: Bool
    }

    init(path: String, text: String) {
        self.path = path
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        self.lines = lines
        let code = SwiftCode(Array(text.utf8)).bytes
        tokens = Self.tokens(of: code)
        linesWithLongLiterals = Self.linesWithLongLiterals(lines, code)
    }

    /// `Packets` for a file in `Sources/Packets`, `CLITests` for one in `Tests/CLITests`.
    var module: String {
        let parts = path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : path
    }

    /// Whether the file is, or lies below, this path, which counts from `Sources`.
    func isIn(_ place: String) -> Bool {
        let whole = "Sources/" + place
        return path == whole || path.hasPrefix(whole + "/")
    }

    private static func tokens(of code: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var line = 1
        var isSpaced = true
        var index = 0
        while index < code.count {
            let byte = code[index]
            if byte == UInt8(ascii: "\n") {
                line += 1
                isSpaced = true
                index += 1
            } else if byte == UInt8(ascii: " ") || byte == SwiftCode.literal {
                isSpaced = byte == UInt8(ascii: " ")
                index += 1
            } else {
                let start = index
                index += 1
                if isWordByte(byte) { while index < code.count, isWordByte(code[index]) { index += 1 } }
                let text = String(decoding: code[start..<index], as: UTF8.self)
                tokens.append(Token(text: text, line: line, isSpaced: isSpaced))
                isSpaced = false
            }
        }
        return tokens
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...,
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func linesWithLongLiterals(_ lines: [Substring], _ code: [UInt8]) -> Set<Int> {
        var found: Set<Int> = []
        var start = 0
        for (index, line) in lines.enumerated() {
            if line.utf8.count > LineLength.limit, line.count > LineLength.limit {
                let column = line.index(line.startIndex, offsetBy: LineLength.limit)
                let offset = start + line.utf8.distance(from: line.startIndex, to: column)
                if code[offset] == SwiftCode.literal || code[offset] == UInt8(ascii: "\"") { found.insert(index + 1) }
            }
            start += line.utf8.count + 1
        }
        return found
    }
}
