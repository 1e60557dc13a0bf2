/// Something that takes text byte by byte: an output buffer on the fast path, an array elsewhere.
///
/// Addresses, ports and times write themselves through this protocol, so that the line of a packet is made without
/// building a single `String`, and `description` says the same through the same code.
public protocol TextSink: ~Copyable {
    /// Appends one byte: a character of ASCII, or one byte of a longer character's UTF-8.
    mutating func append(ascii byte: UInt8)

    /// Appends the lowest `count` bytes of a number, at most 8, the lowest first. A sink that can store eight at once
    /// does.
    mutating func append(packed bytes: UInt64, count: Int)

    /// Appends bytes as they are. A sink that can copy them in one piece does.
    mutating func append(raw bytes: RawSpan)
}

extension TextSink where Self: ~Copyable {
    /// Appends the lowest `count` bytes of a number one by one, for sinks that cannot store them at once.
    @inlinable
    public mutating func append(packed bytes: UInt64, count: Int) {
        var rest = bytes
        for _ in 0..<max(0, min(count, 8)) {
            append(ascii: UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Appends bytes as they are one by one, for sinks that cannot copy them in one piece.
    @inlinable
    public mutating func append(raw bytes: RawSpan) {
        let bytes = Span<UInt8>(_bytes: bytes)
        for index in bytes.indices { append(ascii: bytes[index]) }
    }

    /// Appends a number in decimal, without leading zeros.
    @inlinable
    public mutating func append(decimal value: UInt64) {
        if value < 10 {
            append(ascii: 48 &+ UInt8(truncatingIfNeeded: value))
        } else if value < 100 {
            append(packed: DecimalDigits.two(value), count: 2)
        } else if value < 100_000_000 {
            let digits = DecimalDigits.eight(value)
            let zeros = digits.trailingZeroBitCount & ~7
            append(packed: (digits | DecimalDigits.zeros) >> UInt64(truncatingIfNeeded: zeros), count: 8 &- zeros / 8)
        } else {
            let rest = value / 100_000_000
            append(decimal: rest)
            append(packed: DecimalDigits.eight(value &- rest &* 100_000_000) | DecimalDigits.zeros, count: 8)
        }
    }

    /// Appends a character and a number in decimal behind it: `:443`.
    @inlinable
    public mutating func append(ascii first: UInt8, decimal value: UInt64) {
        guard value < 10_000_000 else {
            append(ascii: first)
            append(decimal: value)
            return
        }
        // At least one digit stays, and there is room for the character in front.
        let digits = DecimalDigits.eight(value)
        let zeros = min(digits.trailingZeroBitCount & ~7, 56)
        let text = (digits | DecimalDigits.zeros) >> UInt64(truncatingIfNeeded: zeros)
        append(packed: text << 8 | UInt64(first), count: 9 &- zeros / 8)
    }

    /// Appends a number in decimal, filled up with zeros on the left to `width` digits; of a longer one the last
    /// `width`.
    @inlinable
    public mutating func append(decimal value: UInt64, width: Int) {
        if width > 8 {
            append(decimal: value / 100_000_000, width: min(width, 20) &- 8)
            append(packed: DecimalDigits.eight(value % 100_000_000) | DecimalDigits.zeros, count: 8)
            return
        }
        let digits = DecimalDigits.eight(value < 100_000_000 ? value : value % 100_000_000) | DecimalDigits.zeros
        let count = max(1, width)
        append(packed: digits >> UInt64((8 &- count) &* 8), count: count)
    }

    /// Appends a number in lower-case hexadecimal, without leading zeros or prefix.
    @inlinable
    public mutating func append(hex value: UInt64) {
        var shift = value == 0 ? 0 : (63 &- value.leadingZeroBitCount) / 4 &* 4
        while shift >= 0 {
            append(hexDigit: UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15)
            shift &-= 4
        }
    }

    /// Appends the two hexadecimal digits of a byte, lower case.
    @inlinable
    public mutating func append(hexByte byte: UInt8) {
        append(hexDigit: byte >> 4)
        append(hexDigit: byte & 15)
    }

    /// Appends a number below 16 as one hexadecimal digit, lower case.
    @inlinable
    public mutating func append(hexDigit digit: UInt8) {
        append(ascii: digit < 10 ? 48 &+ digit : 87 &+ digit)
    }
}
