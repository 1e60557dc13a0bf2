/// The code of a Swift file without what people read: comments are blank, and the characters of string literals are
/// marked, so that a rule about code is not misled by a sentence. Line breaks stay where they are.
///
/// Code inside of an interpolation, `"\(like.this)"`, stays code. Regular expression literals are not known here.
struct SwiftCode {
    /// Stands for each byte of a string literal's text, which is neither part of a word nor space.
    static let literal = UInt8(ascii: "\u{1}")

    /// As long as the source, byte by byte.
    private(set) var bytes: [UInt8] = []

    private let source: [UInt8]
    private var position = 0
    private var contexts = [Context.code(parentheses: 0)]

    /// What the reader stands in; an interpolation puts code into a literal, which stands in code.
    private enum Context {
        case code(parentheses: Int)
        case literal(hashes: Int, quotes: Int)
    }

    init(_ source: [UInt8]) {
        self.source = source
        bytes.reserveCapacity(source.count)
        while position < source.count {
            switch contexts.last {
            case .literal(let hashes, let quotes)?: readLiteral(hashes, quotes)
            case .code(let parentheses)?: readCode(parentheses)
            case nil: contexts.append(.code(parentheses: 0))
            }
        }
    }

    private mutating func readCode(_ parentheses: Int) {
        if sees("//") {
            while position < source.count, source[position] != UInt8(ascii: "\n") { blank() }
        } else if sees("/*") {
            readBlockComment()
        } else if let (hashes, quotes) = openingQuotes() {
            keep(hashes + quotes)
            contexts.append(.literal(hashes: hashes, quotes: quotes))
        } else if sees("(") {
            keep(1)
            replaceContext(.code(parentheses: parentheses + 1))
        } else if sees(")") {
            keep(1)
            if parentheses > 0 {
                replaceContext(.code(parentheses: parentheses - 1))
            } else if contexts.count > 1 {
                contexts.removeLast()  // the end of an interpolation
            }
        } else {
            keep(1)
        }
    }

    /// Comments nest in Swift.
    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                blank()
                blank()
            } else if sees("*/") {
                depth -= 1
                blank()
                blank()
            } else {
                blank()
            }
        } while depth > 0 && position < source.count
    }

    private mutating func readLiteral(_ hashes: Int, _ quotes: Int) {
        let escape = [UInt8(ascii: "\\")] + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let end =
            [UInt8](repeating: UInt8(ascii: "\""), count: quotes)
            + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        if sees(escape + [UInt8(ascii: "(")]) {
            mark(escape.count)
            keep(1)
            contexts.append(.code(parentheses: 0))
        } else if sees(escape) {
            mark(escape.count + 1)
        } else if sees(end) {
            keep(end.count)
            contexts.removeLast()
        } else if quotes == 1, sees("\n") {
            contexts.removeLast()  // not a literal after all
        } else {
            mark(1)
        }
    }

    /// The hashes and quotes of a literal that begins here.
    private func openingQuotes() -> (hashes: Int, quotes: Int)? {
        var place = position
        while place < source.count, source[place] == UInt8(ascii: "#") { place += 1 }
        guard place < source.count, source[place] == UInt8(ascii: "\"") else { return nil }
        let three = source[place...].prefix(3).elementsEqual("\"\"\"".utf8)
        return (place - position, three ? 3 : 1)
    }

    private func sees(_ text: StaticString) -> Bool { sees(Array(text.description.utf8)) }

    private func sees(_ text: [UInt8]) -> Bool {
        guard position + text.count <= source.count else { return false }
        for index in text.indices where source[position + index] != text[index] { return false }
        return true
    }

    private mutating func replaceContext(_ context: Context) {
        contexts.removeLast()
        contexts.append(context)
    }

    private mutating func keep(_ count: Int) {
        for _ in 0..<count where position < source.count {
            bytes.append(source[position])
            position += 1
        }
    }

    private mutating func blank() { put(UInt8(ascii: " ")) }

    private mutating func mark(_ count: Int) { for _ in 0..<count { put(Self.literal) } }

    private mutating func put(_ byte: UInt8) {
        guard position < source.count else { return }
        bytes.append(source[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : byte)
        position += 1
    }
}
