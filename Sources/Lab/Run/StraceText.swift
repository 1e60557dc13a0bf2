import Addressing

/// Steps through a text of strace's, one look before each step; nil means "not that". No step recurses, each moves on,
/// so the cost is linear in the length.
struct StraceText {
    private(set) var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    mutating func skipSpaces() { rest = rest.drop { $0 == 32 } }

    /// Passes over one character.
    mutating func skip() { rest = rest.dropFirst() }

    mutating func take(_ text: StaticString) -> Bool {
        guard rest.starts(with: text.description.utf8) else { return false }
        rest = rest.dropFirst(text.utf8CodeUnitCount)
        return true
    }

    /// Where a text begins.
    func find(_ text: StaticString) -> Int? {
        let wanted = Array(text.description.utf8)
        var from = rest.startIndex
        while rest.endIndex - from >= wanted.count {
            if rest[from...].starts(with: wanted) { return from }
            from += 1
        }
        return nil
    }

    /// A decimal number with its sign; nil also where it does not fit.
    mutating func integer() -> Int? {
        let isNegative = rest.first == 45
        let digits = rest.dropFirst(isNegative ? 1 : 0).prefix { 48...57 ~= $0 }
        guard !digits.isEmpty, let number = Int((isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self))
        else { return nil }
        rest = rest[digits.endIndex...]
        return number
    }

    /// Letters, digits and underscores.
    mutating func word() -> String? {
        let word = rest.prefix { 48...57 ~= $0 || 65...90 ~= $0 || 97...122 ~= $0 || $0 == 95 }
        guard !word.isEmpty else { return nil }
        rest = rest[word.endIndex...]
        return String(decoding: word, as: UTF8.self)
    }

    /// `1763708400.465361` with 6 digits after the point, or 9.
    mutating func seconds() -> Timestamp? {
        guard let whole = integer(), whole >= 0, take(".") else { return nil }
        let digits = rest.prefix { 48...57 ~= $0 }
        guard 1...9 ~= digits.count else { return nil }
        rest = rest[digits.endIndex...]
        var part: UInt32 = 0
        for digit in digits { part = part * 10 + UInt32(digit - 48) }
        for _ in digits.count..<9 { part *= 10 }
        return Timestamp(seconds: Int64(whole), nanoseconds: part)
    }

    /// What stands in angle brackets behind a descriptor, without them. An arrow between two addresses does not end it.
    mutating func decoration() -> ArraySlice<UInt8>? {
        guard rest.first == 60 else { return nil }
        var index = rest.startIndex + 1
        while index < rest.endIndex {
            if rest[index] == 62, rest[index - 1] != 45 {
                defer { rest = rest[(index + 1)...] }
                return rest[(rest.startIndex + 1)..<index]
            }
            index += 1
        }
        return nil
    }

    /// The arguments up to the parenthesis that closes the call, or up to the end where it is missing; split at the
    /// commas that are in no string, bracket or decoration. nil where a string or comment has no end.
    mutating func arguments() -> [ArraySlice<UInt8>]? {
        var found: [ArraySlice<UInt8>] = []
        var depth = 0
        var start = rest.startIndex
        var index = start
        func add(_ end: Int, _ text: ArraySlice<UInt8>) {
            var argument = text[start..<end].drop { $0 == 32 }
            // A call that was interrupted in the text has a space where it goes on.
            while argument.last == 32 { argument.removeLast() }
            if !argument.isEmpty { found.append(argument) }
        }
        while index < rest.endIndex {
            switch rest[index] {
            case 34:
                guard let end = Self.endOfString(rest, index) else { return nil }
                index = end
            case 47 where rest[index...].starts(with: "/*".utf8):
                var comment = StraceText(rest[(index + 2)...])
                guard let end = comment.find("*/") else { return nil }
                comment.rest = comment.rest[end...]
                index = end + 1
            case 60 where index > rest.startIndex && 48...57 ~= rest[index - 1]:
                var behind = StraceText(rest[index...])
                if behind.decoration() != nil { index = behind.rest.startIndex - 1 }
            case 40, 91, 123: depth += 1
            case 41 where depth == 0:
                add(index, rest)
                rest = rest[index...]
                return found
            case 41, 93, 125: depth -= 1
            case 44 where depth == 0:
                add(index, rest)
                start = index + 1
            default: break
            }
            index += 1
        }
        add(rest.endIndex, rest)
        rest = []
        return found
    }

    /// What a string that begins here says, with strace's escapes (`\\0`, `\\17`, `\\x1f`, `\\n`, `\\"`) taken back.
    mutating func quoted() -> [UInt8]? {
        guard rest.first == 34, let end = Self.endOfString(rest, rest.startIndex) else { return nil }
        var text = StraceText(rest[(rest.startIndex + 1)..<end])
        rest = rest[(end + 1)...]
        var bytes: [UInt8] = []
        while let byte = text.rest.first {
            text.skip()
            bytes.append(byte == 92 ? text.escaped() : byte)
        }
        return bytes
    }

    /// What stands behind a backslash.
    private mutating func escaped() -> UInt8 {
        if take("x") { return number(of: rest.prefix(2).prefix { 48...57 ~= $0 || 97...102 ~= $0 }, radix: 16) }
        let octal = rest.prefix(3).prefix { 48...55 ~= $0 }
        if !octal.isEmpty { return number(of: octal, radix: 8) }
        let next = rest.first ?? 92
        skip()
        switch next {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "v"): return 11
        case UInt8(ascii: "f"): return 12
        default: return next
        }
    }

    private mutating func number(of digits: ArraySlice<UInt8>, radix: Int) -> UInt8 {
        rest = rest[digits.endIndex...]
        return UInt8(truncatingIfNeeded: Int(digits.text, radix: radix) ?? 0)
    }

    /// The closing quote of a string that begins here; a backslash takes the next character with it.
    private static func endOfString(_ text: ArraySlice<UInt8>, _ start: Int) -> Int? {
        var index = start + 1
        while index < text.endIndex {
            if text[index] == 92 { index += 1 } else if text[index] == 34 { return index }
            index += 1
        }
        return nil
    }

    /// `([{fd=3, revents=POLLIN}]) <0.000012>`: what is in the parentheses, and the time in nanoseconds.
    mutating func noteAndDuration() -> (ArraySlice<UInt8>, Int64?) {
        var duration: Int64?
        if rest.last == 62, let open = rest.lastIndex(of: 60) {
            var text = StraceText(rest[(open + 1)...])
            if let time = text.seconds(), text.rest.elementsEqual(">".utf8) {
                let (whole, overflow) = time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
                if !overflow {
                    duration =
                        whole.addingReportingOverflow(Int64(time.nanoseconds)).overflow
                        ? nil : whole + Int64(time.nanoseconds)
                }
                rest = rest[..<open]
            }
        }
        guard let open = rest.firstIndex(of: 40), let close = rest.lastIndex(of: 41), open < close else {
            return ([], duration)
        }
        return (rest[(open + 1)..<close], duration)
    }
}

extension ArraySlice<UInt8> {
    func ends(with text: StaticString) -> Bool { suffix(text.utf8CodeUnitCount).elementsEqual(text.description.utf8) }
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension [UInt8] {
    var text: String { self[...].text }
}
