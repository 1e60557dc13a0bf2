/// Something that takes text byte by byte: an output buffer on the fast path, an array elsewhere.
///
/// Addresses, ports and times write themselves through this protocol, so that the line of a packet is made without
/// building a single `String`, and `description` says the same through the same code.
public protocol ASCIISink: ~Copyable {
    /// Appends one byte of printable ASCII.
    mutating func append(ascii byte: UInt8)
}

extension ASCIISink where Self: ~Copyable {
    /// Appends a number in decimal, without leading zeros.
    @inlinable
    public mutating func append(decimal value: UInt64) {
        if value < 10 {
            append(ascii: 48 &+ UInt8(truncatingIfNeeded: value))
            return
        }
        var power: UInt64 = 10
        while value / power >= 10 { power &*= 10 }
        var rest = value
        while power > 0 {
            let digit = rest / power
            append(ascii: 48 &+ UInt8(truncatingIfNeeded: digit))
            rest &-= digit &* power
            power /= 10
        }
    }

    /// Appends a number in decimal, filled up with zeros on the left to `width` digits.
    @inlinable
    public mutating func append(decimal value: UInt64, width: Int) {
        var power: UInt64 = 1
        for _ in 1..<max(1, min(width, 19)) { power &*= 10 }
        while power > 0 {
            append(ascii: 48 &+ UInt8(truncatingIfNeeded: value / power % 10))
            power /= 10
        }
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

    @inlinable
    mutating func append(hexDigit digit: UInt8) {
        append(ascii: digit < 10 ? 48 &+ digit : 87 &+ digit)
    }
}

/// The sink behind `description`: collects the bytes of a short text.
@usableFromInline
struct TextCollector: ASCIISink {
    @usableFromInline var bytes: [UInt8] = []

    @usableFromInline init() {}

    @usableFromInline
    mutating func append(ascii byte: UInt8) { bytes.append(byte) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
