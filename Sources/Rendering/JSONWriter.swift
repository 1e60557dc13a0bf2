import Addressing
import Packets

/// Writes JSON (RFC 8259) into an output buffer, member by member, with the commas where they belong.
///
/// Text is escaped as JSON wants it and, beyond that, so that nothing in it can act on a terminal that shows the raw
/// JSON: control, format and non-ASCII characters as \uXXXX; bytes that are no UTF-8 as U+FFFD.
public struct JSONWriter: ~Copyable {
    private var needsComma = false

    public init() {}

    public mutating func beginObject(_ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 123)
        needsComma = false
    }

    public mutating func endObject(_ out: inout OutputBuffer) {
        out.append(ascii: 125)
        needsComma = true
    }

    public mutating func beginArray(_ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 91)
        needsComma = false
    }

    public mutating func endArray(_ out: inout OutputBuffer) {
        out.append(ascii: 93)
        needsComma = true
    }

    /// The next member's name.
    public mutating func key(_ name: StaticString, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 34)
        out.append(name)
        out.append("\":")
        needsComma = false
    }

    public mutating func value(_ text: String, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(ascii: 34)
        for scalar in text.unicodeScalars { Self.write(scalar, &out) }
        out.append(ascii: 34)
        needsComma = true
    }

    public mutating func value(_ number: Int64, _ out: inout OutputBuffer) {
        separate(&out)
        if number < 0 { out.append(ascii: 45) }
        out.append(decimal: number.magnitude)
        needsComma = true
    }

    public mutating func value(_ truth: Bool, _ out: inout OutputBuffer) {
        separate(&out)
        out.append(truth ? "true" : "false")
        needsComma = true
    }

    public mutating func null(_ out: inout OutputBuffer) {
        separate(&out)
        out.append("null")
        needsComma = true
    }

    /// Ends a line of newline-delimited JSON.
    public mutating func endLine(_ out: inout OutputBuffer) {
        out.append(ascii: 10)
        needsComma = false
    }

    private mutating func separate(_ out: inout OutputBuffer) {
        if needsComma { out.append(ascii: 44) }
        needsComma = false
    }

    private static func write(_ scalar: Unicode.Scalar, _ out: inout OutputBuffer) {
        switch scalar.value {
        case 0x22: out.append("\\\"")
        case 0x5c: out.append("\\\\")
        case 0x0a: out.append("\\n")
        case 0x20...0x7e: out.append(ascii: UInt8(truncatingIfNeeded: scalar.value))
        default:
            for unit in Character(scalar).utf16 {
                out.append("\\u")
                out.append(hexByte: UInt8(unit >> 8))
                out.append(hexByte: UInt8(unit & 0xff))
            }
        }
    }
}

extension JSONWriter {
    public mutating func member(_ name: StaticString, _ text: String?, _ out: inout OutputBuffer) {
        key(name, &out)
        if let text { value(text, &out) } else { null(&out) }
    }

    public mutating func member(_ name: StaticString, _ number: Int?, _ out: inout OutputBuffer) {
        key(name, &out)
        if let number { value(Int64(number), &out) } else { null(&out) }
    }

    public mutating func member(_ name: StaticString, _ truth: Bool, _ out: inout OutputBuffer) {
        key(name, &out)
        value(truth, &out)
    }
}
