/// Text that others wrote as the inside of a JSON string (RFC 8259 section 7).
///
/// Besides what JSON wants escaped, everything is escaped that could do harm on a terminal that shows the raw JSON: C1
/// controls, bidirectional marks, line separators. Bytes that are no UTF-8 become U+FFFD, because JSON cannot hold
/// them; `-T fields` shows them.
extension TextSink where Self: ~Copyable {
    /// Appends bytes as the inside of a JSON string.
    @inlinable
    public mutating func append(json bytes: RawSpan) { append(json: Span<UInt8>(_bytes: bytes)) }

    /// Appends text as the inside of a JSON string.
    @inlinable
    public mutating func append(json text: String) { append(json: text.utf8Span.span) }

    /// Appends bytes as the inside of a JSON string.
    @inlinable
    public mutating func append(json bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                append(ascii: byte)
                offset &+= 1
            } else {
                let character = UTF8Character(bytes, at: offset)
                append(jsonCharacter: character.scalar ?? "\u{fffd}")
                offset &+= character.length
            }
        }
    }

    @inlinable
    mutating func append(jsonCharacter scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": append(jsonEscape: UInt8(truncatingIfNeeded: scalar.value))
        case "\n": append(jsonEscape: UInt8(ascii: "n"))
        case "\r": append(jsonEscape: UInt8(ascii: "r"))
        case "\t": append(jsonEscape: UInt8(ascii: "t"))
        default:
            if scalar.isShownAsItIs {
                for byte in UTF8.encode(scalar) ?? .init() { append(ascii: byte) }
                return
            }
            // Two units above the basic multilingual plane.
            for unit in UTF16.encode(scalar) ?? .init() {
                append(jsonEscape: UInt8(ascii: "u"))
                append(hexByte: UInt8(truncatingIfNeeded: unit >> 8))
                append(hexByte: UInt8(truncatingIfNeeded: unit))
            }
        }
    }

    @inlinable
    mutating func append(jsonEscape letter: UInt8) {
        append(ascii: UInt8(ascii: "\\"))
        append(ascii: letter)
    }
}
