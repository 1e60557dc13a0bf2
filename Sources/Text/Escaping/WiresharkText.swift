/// Text of a packet spelled as Wireshark spells a string field, so that fields can be compared with tshark's: C escapes
/// and three octal digits for ASCII controls, `\uNNNN` and `\UNNNNNNNN` for other unprintable characters, U+FFFD for
/// what is not UTF-8. Overlong forms (which RFC 3629 section 3 forbids) are read as the character that they stand for.
/// A backslash passes, so the spelling cannot be turned back; for a terminal `append(escaping:)` is the better one.
///
///     var text = WiresharkText()
///     for each byte: text.write(byte, to: &sink)
///     text.finish(&sink)
public struct WiresharkText: Sendable {
    /// The character under way: its value so far, and how many continuation bytes are still to come.
    private var scalar: UInt32 = 0
    private var missing = 0

    /// The beginning of a text.
    public init() {}

    /// Writes all bytes of a span.
    public static func write<Sink: TextSink & ~Copyable>(_ bytes: RawSpan, to sink: inout Sink) {
        var text = WiresharkText()
        let bytes = Span<UInt8>(_bytes: bytes)
        for offset in bytes.indices { text.write(bytes[offset], to: &sink) }
        text.finish(&sink)
    }

    /// Takes the next byte.
    public mutating func write<Sink: TextSink & ~Copyable>(_ byte: UInt8, to sink: inout Sink) {
        if missing > 0 {
            if byte & 0xc0 == 0x80 {
                scalar = scalar << 6 | UInt32(byte & 0x3f)
                missing &-= 1
                if missing == 0 { complete(&sink) }
                return
            }
            // The character is cut short, and this byte begins another.
            giveUp(&sink)
        }
        // Five and six byte forms are no UTF-8 any more, but are taken together as one.
        switch byte {
        case ..<0x80: writeASCII(byte, to: &sink)
        case 0xc0...0xdf: begin(byte & 0x1f, 1)
        case 0xe0...0xef: begin(byte & 0x0f, 2)
        case 0xf0...0xf7: begin(byte & 0x07, 3)
        case 0xf8...0xfb: begin(byte & 0x03, 4)
        case 0xfc...0xfd: begin(byte & 0x01, 5)
        default: giveUp(&sink)
        }
    }

    /// Ends the text.
    public mutating func finish<Sink: TextSink & ~Copyable>(_ sink: inout Sink) {
        if missing > 0 { giveUp(&sink) }
    }

    private mutating func begin(_ bits: UInt8, _ continuation: Int) {
        scalar = UInt32(bits)
        missing = continuation
    }

    private mutating func giveUp<Sink: TextSink & ~Copyable>(_ sink: inout Sink) {
        Self.writeUTF8(0xfffd, to: &sink)
        missing = 0
    }

    private func complete<Sink: TextSink & ~Copyable>(_ sink: inout Sink) {
        guard let character = Unicode.Scalar(scalar) else {
            Self.writeUTF8(0xfffd, to: &sink)
            return
        }
        switch character.properties.generalCategory {
        case .control, .format, .unassigned, .surrogate: writeNumber(to: &sink)
        default: Self.writeUTF8(scalar, to: &sink)
        }
    }

    /// `\u202E`, `\U000E0041`.
    private func writeNumber<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        let wide = scalar > 0xffff
        sink.append(ascii: 92)
        sink.append(ascii: wide ? 85 : 117)
        var shift: UInt32 = wide ? 32 : 16
        while shift > 0 {
            shift &-= 4
            let digit = UInt8(truncatingIfNeeded: scalar >> shift) & 15
            sink.append(ascii: digit < 10 ? 48 &+ digit : 55 &+ digit)
        }
    }

    private func writeASCII<Sink: TextSink & ~Copyable>(_ byte: UInt8, to sink: inout Sink) {
        if byte >= 32, byte < 127 {
            sink.append(ascii: byte)
            return
        }
        sink.append(ascii: 92)
        switch byte {
        case 7: sink.append(ascii: 97)
        case 8: sink.append(ascii: 98)
        case 9: sink.append(ascii: 116)
        case 10: sink.append(ascii: 110)
        case 11: sink.append(ascii: 118)
        case 12: sink.append(ascii: 102)
        case 13: sink.append(ascii: 114)
        default:
            sink.append(ascii: 48 &+ byte >> 6)
            sink.append(ascii: 48 &+ byte >> 3 & 7)
            sink.append(ascii: 48 &+ byte & 7)
        }
    }

    private static func writeUTF8<Sink: TextSink & ~Copyable>(_ value: UInt32, to sink: inout Sink) {
        var shift: UInt32
        switch value {
        case ..<0x80:
            sink.append(ascii: UInt8(truncatingIfNeeded: value))
            return
        case ..<0x800:
            sink.append(ascii: 0xc0 | UInt8(truncatingIfNeeded: value >> 6))
            shift = 6
        case ..<0x10000:
            sink.append(ascii: 0xe0 | UInt8(truncatingIfNeeded: value >> 12))
            shift = 12
        default:
            sink.append(ascii: 0xf0 | UInt8(truncatingIfNeeded: value >> 18))
            shift = 18
        }
        while shift > 0 {
            shift &-= 6
            sink.append(ascii: 0x80 | UInt8(truncatingIfNeeded: value >> shift) & 0x3f)
        }
    }
}
