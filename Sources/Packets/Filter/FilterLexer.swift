/// Cuts a display filter's text into tokens.
struct FilterLexer {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    static func tokens(of text: String) throws(DisplayFilterError) -> [FilterToken] {
        var lexer = FilterLexer(text)
        var tokens: [FilterToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func byte(_ ahead: Int = 0) -> UInt8? { position + ahead < bytes.count ? bytes[position + ahead] : nil }

    private func failure(_ message: String, _ range: Range<Int>) -> DisplayFilterError {
        DisplayFilterError(text: text, range: range, message: message)
    }

    private func token(_ kind: FilterToken.Kind, from start: Int) -> FilterToken {
        FilterToken(kind: kind, range: start..<position, text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func next() throws(DisplayFilterError) -> FilterToken {
        while let space = byte(), space == 32 || (9...13).contains(space) { position += 1 }
        let start = position
        guard let first = byte() else { return token(.end, from: start) }
        switch first {
        case UInt8(ascii: "\""): return try string(from: start, raw: false)
        case UInt8(ascii: "r"), UInt8(ascii: "R"):
            if byte(1) == UInt8(ascii: "\"") {
                position += 1
                return try string(from: start, raw: true)
            }
        case UInt8(ascii: "'"): return try character(from: start)
        case UInt8(ascii: "["): return try bracket(.slice, from: start)
        case UInt8(ascii: "#"): return try layer(from: start)
        case UInt8(ascii: "="):
            if byte(1) != UInt8(ascii: "=") {
                throw failure("\"=\" compares nothing: write == (equal), or eq", start..<start + 1)
            }
        case UInt8(ascii: "|"):
            if byte(1) != UInt8(ascii: "|") {
                throw failure("\"|\" is no operator here: write || (or)", start..<start + 1)
            }
        default: break
        }
        if Self.isWordByte(first), first != UInt8(ascii: "-"), first != UInt8(ascii: "/"), !isRange {
            return word(from: start)
        }
        for symbol in FilterToken.Symbol.allCases where bytes[start...].starts(with: symbol.rawValue.utf8) {
            position += symbol.rawValue.utf8.count
            return token(.symbol(symbol), from: start)
        }
        throw failure("\"\(Character(Unicode.Scalar(first)))\" was not expected here", start..<start + 1)
    }

    /// `..` between the ends of a range, not the dot in a name.
    private var isRange: Bool { byte() == UInt8(ascii: ".") && byte(1) == UInt8(ascii: ".") }

    /// What names, numbers, addresses with prefixes and byte strings are made of; letters of other scripts too.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"),
            UInt8(ascii: "/"), 0x80...:
            true
        default: false
        }
    }

    private mutating func word(from start: Int) -> FilterToken {
        while let next = byte(), Self.isWordByte(next), !isRange { position += 1 }
        return token(.word, from: start)
    }

    // MARK: Quotes

    private mutating func string(from start: Int, raw: Bool) throws(DisplayFilterError) -> FilterToken {
        position += 1
        var content: [UInt8] = []
        while let next = byte() {
            if next == UInt8(ascii: "\"") {
                position += 1
                return token(.string(content), from: start)
            }
            if next == UInt8(ascii: "\\") {
                // A raw string keeps its backslashes; one before a quote still keeps the string open.
                if raw {
                    content.append(next)
                    position += 1
                    if byte() == UInt8(ascii: "\"") {
                        content.append(UInt8(ascii: "\""))
                        position += 1
                    }
                } else {
                    content += try escape()
                }
            } else {
                content.append(next)
                position += 1
            }
        }
        throw failure("the string has no closing quote", start..<bytes.count)
    }

    private mutating func character(from start: Int) throws(DisplayFilterError) -> FilterToken {
        position += 1
        var content: [UInt8] = []
        while let next = byte(), next != UInt8(ascii: "'") {
            if next == UInt8(ascii: "\\") {
                content += try escape()
            } else {
                content.append(next)
                position += 1
            }
        }
        guard byte() != nil else { throw failure("the character has no closing quote", start..<bytes.count) }
        position += 1
        guard content.count == 1 else {
            throw failure("single quotes hold one character; strings have double quotes", start..<position)
        }
        return token(.character(content[0]), from: start)
    }

    /// A backslash and what follows, as in C: \n \xNN \ooo \uNNNN \UNNNNNNNN.
    private mutating func escape() throws(DisplayFilterError) -> [UInt8] {
        let start = position
        position += 1
        guard let letter = byte() else { throw failure("a backslash needs a character after it", start..<start + 1) }
        position += 1
        switch letter {
        case UInt8(ascii: "a"): return [7]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "v"): return [11]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return [letter]
        case UInt8(ascii: "x"):
            guard let value = digits(base: 16, atMost: 2) else {
                throw failure("\\x needs one or two hexadecimal digits", start..<position)
            }
            return [UInt8(truncatingIfNeeded: value)]
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            position -= 1
            guard let value = digits(base: 8, atMost: 3), value < 256 else {
                throw failure("an octal escape ends at \\377", start..<position)
            }
            return [UInt8(truncatingIfNeeded: value)]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            let from = position
            guard let value = digits(base: 16, atMost: count), position - from == count,
                let scalar = Unicode.Scalar(value)
            else {
                throw failure(
                    "\\\(Character(Unicode.Scalar(letter))) needs \(count) hexadecimal digits that name a character",
                    start..<position)
            }
            return Array(String(Character(scalar)).utf8)
        default:
            throw failure(
                "\\\(Character(Unicode.Scalar(letter))) is no escape; a backslash itself is written \\\\",
                start..<position)
        }
    }

    private mutating func digits(base: UInt32, atMost limit: Int) -> UInt32? {
        var value: UInt32 = 0
        var count = 0
        while count < limit, let next = byte(), let digit = Character(Unicode.Scalar(next)).hexDigitValue, digit < base
        {
            value = value &* base &+ UInt32(digit)
            position += 1
            count += 1
        }
        return count > 0 ? value : nil
    }

    // MARK: Brackets

    private mutating func bracket(_ kind: FilterToken.Kind, from start: Int) throws(DisplayFilterError) -> FilterToken {
        let open = position
        while let next = byte(), next != UInt8(ascii: "]") { position += 1 }
        guard byte() != nil else { throw failure("the bracket has no closing ]", start..<bytes.count) }
        position += 1
        let inside = String(decoding: bytes[(open + 1)..<(position - 1)], as: UTF8.self)
        return FilterToken(kind: kind, range: start..<position, text: inside)
    }

    /// `#2`, `#[1-2]`: which of several layers of the same protocol.
    private mutating func layer(from start: Int) throws(DisplayFilterError) -> FilterToken {
        position += 1
        if byte() == UInt8(ascii: "[") { return try bracket(.layer, from: start) }
        let from = position
        while let next = byte(), (48...57).contains(next) { position += 1 }
        guard position > from else {
            throw failure("# needs a layer's number or [from-to] after it", start..<start + 1)
        }
        return FilterToken(
            kind: .layer, range: start..<position, text: String(decoding: bytes[from..<position], as: UTF8.self))
    }
}
