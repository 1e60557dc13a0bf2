import Addressing

/// Reads the literals of a filter: what a word or a string means depends on the field that it is compared with.
struct FilterLiterals {
    let text: String
    /// Bytes of the literals that are longer than a number: `FilterValue.literal` counts them.
    private(set) var stored: [[UInt8]] = []

    init(_ text: String) { self.text = text }

    private func failure(_ message: String, _ range: Range<Int>, hint: String? = nil) -> DisplayFilterError {
        DisplayFilterError(text: text, range: range, message: message, hint: hint)
    }

    mutating func store(_ bytes: [UInt8]) -> FilterValue {
        stored.append(bytes)
        return .literal(Int32(truncatingIfNeeded: stored.count - 1))
    }

    /// Reads a literal for an operand of a class.
    /// - Parameter names: the names that the field's numbers have.
    mutating func read(
        _ operand: FilterOperand, as kind: FilterClass, names: ValueName? = nil
    ) throws(DisplayFilterError) -> FilterLiteral {
        switch operand {
        case .negated(.word(let token), _):
            guard kind.isNumber else { throw failure("\(kind.name) cannot be negative", operand.range) }
            let isTime = kind == .time || kind == .duration
            let positive = try read(.word(token), as: isTime ? kind : .signed(bits: 64))
            guard case .number(let number) = positive.value else {
                throw failure("\"\(token.text)\" is not a number", token.range)
            }
            // Where the field has no negative numbers this is one of C's unsigned ones, as in Wireshark: nothing is
            // above it.
            if case .unsigned(let bits) = kind, number > 0 {
                return FilterLiteral(value: .number((Int128(1) << (bits > 32 ? 64 : 32)) - number))
            }
            return FilterLiteral(value: .number(0 - number))
        case .character(let byte, let token):
            switch kind {
            case .unsigned, .signed: return FilterLiteral(value: .number(Int128(byte)))
            case .bytes, .text: return FilterLiteral(value: store([byte]), isByLength: kind == .bytes)
            default: throw failure("a character cannot be compared with \(kind.name)", token.range)
            }
        case .word(let token): return try read(token, token.text, as: kind, names: names, quoted: false)
        case .string(let bytes, let token):
            switch kind {
            case .text, .bytes: return FilterLiteral(value: store(bytes), isByLength: kind == .bytes)
            case .label: throw failure("this field has no value to compare with", token.range)
            default:
                return try read(token, String(decoding: bytes, as: UTF8.self), as: kind, names: names, quoted: true)
            }
        case .arithmetic(let operation, let left, let right, _):
            guard case .number(let first) = try read(left, as: kind).value,
                case .number(let second) = try read(right, as: kind).value,
                let result = operation.apply(first, second)
            else { throw failure("this cannot be calculated", operand.range) }
            return FilterLiteral(value: .number(result))
        default: throw failure("a value was expected here", operand.range)
        }
    }

    private mutating func read(
        _ token: FilterToken, _ word: String, as kind: FilterClass, names: ValueName?,
        quoted: Bool
    ) throws(DisplayFilterError) -> FilterLiteral {
        switch kind {
        case .unsigned(let bits):
            // Quotes are for names; a number stands without.
            if !quoted, let number = Self.integer(word) {
                let largest = bits >= 64 ? UInt64.max : (UInt64(1) << UInt64(Self.width(bits))) - 1
                guard number <= Int128(largest) else {
                    throw failure("\"\(word)\" is too big for this field, the largest is \(largest)", token.range)
                }
                return FilterLiteral(value: .number(number))
            }
            if let names, let number = Self.number(named: word, bits: bits, names) {
                return FilterLiteral(value: .number(Int128(number)))
            }
            if quoted {
                throw failure(
                    "\"\(word)\" is not a name of a value of this field; numbers stand without quotes", token.range)
            }
            throw failure(
                """
                \"\(word)\" is \
                \(names == nil ? "not a number" : "neither a number nor a name of a value of this field")
                """,
                token.range)
        case .signed:
            guard !quoted, let number = Self.integer(word) else {
                throw failure("\"\(word)\" is not a number", token.range)
            }
            return FilterLiteral(value: .number(number))
        case .boolean:
            switch word.lowercased() {
            case "true", "set", "yes": return FilterLiteral(value: .number(1))
            case "false", "not set", "no": return FilterLiteral(value: .number(0))
            default:
                guard !quoted, let number = Self.integer(word) else {
                    throw failure("\"\(word)\" is neither 0, 1, True nor False", token.range)
                }
                return FilterLiteral(value: .number(number == 0 ? 0 : 1))
            }
        case .time, .duration:
            if let nanoseconds = FilterTime.seconds(word) { return FilterLiteral(value: .number(nanoseconds)) }
            if kind == .time, let nanoseconds = FilterTime.date(word) {
                return FilterLiteral(value: .number(nanoseconds))
            }
            let wanted =
                kind == .time ? "seconds since 1970, or \"2026-01-31 12:00:00.5\" in UTC" : "seconds, such as 0.25"
            throw failure("\"\(word)\" is not a time: write \(wanted)", token.range)
        case .ipv4:
            let (address, prefix) = try prefixed(word, token, bits: 32)
            guard let value = IPv4Address(address) else {
                throw failure("\"\(address)\" is not an IPv4 address", token.range)
            }
            return FilterLiteral(value: .octets(UInt128(value.rawValue), count: 4), mask: Self.mask(prefix, of: 32))
        case .ipv6:
            let (address, prefix) = try prefixed(word, token, bits: 128)
            guard let value = IPv6Address(address) else {
                throw failure("\"\(address)\" is not an IPv6 address", token.range)
            }
            return FilterLiteral(
                value: .octets(UInt128(value.high) << 64 | UInt128(value.low), count: 16),
                mask: Self.mask(prefix, of: 128))
        case .mac:
            guard let bytes = Self.hexadecimal(word) else {
                throw failure("\"\(word)\" is not a MAC address", token.range)
            }
            guard bytes.count == 6 else {
                let hint =
                    bytes.count < 6
                    ? "To compare the first bytes only, write [0:\(bytes.count)] behind the field." : nil
                throw failure("\"\(word)\" has \(bytes.count) bytes, a MAC address has 6", token.range, hint: hint)
            }
            return FilterLiteral(value: .octets(bytes.reduce(0) { $0 << 8 | UInt128($1) }, count: 6))
        case .bytes:
            if quoted { return FilterLiteral(value: store(Array(word.utf8)), isByLength: true) }
            if let bytes = Self.hexadecimal(word) { return FilterLiteral(value: store(bytes), isByLength: true) }
            throw failure("\"\(word)\" is neither bytes (aa:bb:cc) nor a string in quotes", token.range)
        case .text: return FilterLiteral(value: store(Array(word.utf8)))
        case .label: throw failure("this field has no value to compare with", token.range)
        }
    }

    // MARK: Numbers

    /// The bits of the C type that a field of so many bits is kept in: Wireshark checks against that.
    private static func width(_ bits: Int) -> Int { bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 24 ? 24 : 32 }

    /// Decimal, 0x hexadecimal, 0b binary, or octal with a leading 0.
    static func integer(_ word: String) -> Int128? {
        let bytes = Array(word.utf8)
        guard let first = bytes.first, (48...57).contains(first), bytes.count <= 40 else { return nil }
        var radix: Int128 = 10
        var digits = bytes[...]
        if first == 48, bytes.count > 1 {
            switch bytes[1] {
            case UInt8(ascii: "x"), UInt8(ascii: "X"): (radix, digits) = (16, bytes[2...])
            case UInt8(ascii: "b"), UInt8(ascii: "B"): (radix, digits) = (2, bytes[2...])
            default: (radix, digits) = (8, bytes[1...])
            }
        }
        guard !digits.isEmpty else { return nil }
        var value: Int128 = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, Int128(digit) < radix else { return nil }
            let (scaled, o1) = value.multipliedReportingOverflow(by: radix)
            let (sum, o2) = scaled.addingReportingOverflow(Int128(digit))
            if o1 || o2 { return nil }
            value = sum
        }
        return value <= Int128(UInt64.max) ? value : nil
    }

    /// The number that a name stands for, among those that a field of up to 16 bits can have. Exact letters win.
    private static func number(named word: String, bits: Int, _ names: (UInt64) -> StaticString?) -> UInt64? {
        var loose: UInt64?
        let lowered = word.lowercased()
        for number in 0..<(UInt64(1) << UInt64(min(max(bits, 1), 16))) {
            guard let name = names(number).map({ String(describing: $0) }) else { continue }
            if name == word { return number }
            if loose == nil, name.lowercased() == lowered { loose = number }
        }
        return loose
    }

    // MARK: Addresses and bytes

    private func prefixed(_ word: String, _ token: FilterToken, bits: Int) throws(DisplayFilterError) -> (String, Int) {
        guard let slash = word.firstIndex(of: "/") else { return (word, bits) }
        let number = word[word.index(after: slash)...]
        guard let prefix = Int(number), (0...bits).contains(prefix), number.utf8.allSatisfy({ (48...57).contains($0) })
        else {
            throw failure("\"/\(number)\" is not a prefix: 0 to \(bits) bits", token.range)
        }
        return (String(word[..<slash]), prefix)
    }

    private static func mask(_ prefix: Int, of bits: Int) -> UInt128 {
        let all: UInt128 = bits == 128 ? .max : (UInt128(1) << UInt128(bits)) - 1
        return prefix == 0 ? 0 : all & (all << UInt128(bits - prefix))
    }

    /// aa:bb:cc, aa-bb-cc, aabb.ccdd, aabbcc, 0xaabb, a.
    static func hexadecimal(_ word: String) -> [UInt8]? {
        var digits = Array(word.utf8)[...]
        if word.hasPrefix("0x") || word.hasPrefix("0X") { digits = digits.dropFirst(2) }
        guard !digits.isEmpty else { return nil }
        var bytes: [UInt8] = []
        for group in digits.split(
            maxSplits: .max, omittingEmptySubsequences: false, whereSeparator: { $0 == 58 || $0 == 45 || $0 == 46 })
        {
            guard !group.isEmpty, group.count == 1 || group.count % 2 == 0 else { return nil }
            var value: UInt8 = 0
            var half = group.count == 1
            for byte in group {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
                value = value << 4 | UInt8(digit)
                if half {
                    bytes.append(value)
                    value = 0
                }
                half.toggle()
            }
        }
        return bytes
    }
}
