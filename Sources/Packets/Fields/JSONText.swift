import Addressing

/// Text from packets as the inside of a JSON string (RFC 8259 section 7).
///
/// Besides what JSON wants escaped, everything is that could do harm on a terminal: C1 controls, bidirectional marks,
/// line separators. Bytes that are no UTF-8 become U+FFFD: JSON has no other way to say them, `-T fields` does.
public enum JSONText {
    public static func write<Sink: ASCIISink & ~Copyable>(_ bytes: RawSpan, to sink: inout Sink) {
        var decoder = Unicode.UTF8.ForwardParser()
        var source = ByteIterator(bytes)
        while true {
            switch decoder.parseScalar(from: &source) {
            case .valid(let encoded): write(Unicode.UTF8.decode(encoded), to: &sink)
            case .error: write("\u{fffd}", to: &sink)
            case .emptyInput: return
            }
        }
    }

    private static func write<Sink: ASCIISink & ~Copyable>(_ scalar: Unicode.Scalar, to sink: inout Sink) {
        switch scalar.value {
        case 0x22, 0x5c:
            sink.append(ascii: 92)
            sink.append(ascii: UInt8(truncatingIfNeeded: scalar.value))
        case 0x0a: write("n", &sink)
        case 0x0d: write("r", &sink)
        case 0x09: write("t", &sink)
        case 0x20..<0x7f: sink.append(ascii: UInt8(truncatingIfNeeded: scalar.value))
        case 0..<0x20, 0x7f: writeUnits(scalar, &sink)
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator:
                writeUnits(scalar, &sink)
            default: if let encoded = Unicode.UTF8.encode(scalar) { for byte in encoded { sink.append(ascii: byte) } }
            }
        }
    }

    private static func write<Sink: ASCIISink & ~Copyable>(_ letter: Unicode.Scalar, _ sink: inout Sink) {
        sink.append(ascii: 92)
        sink.append(ascii: UInt8(truncatingIfNeeded: letter.value))
    }

    /// `\uNNNN`, twice above the basic plane.
    private static func writeUnits<Sink: ASCIISink & ~Copyable>(_ scalar: Unicode.Scalar, _ sink: inout Sink) {
        for unit in UTF16.encode(scalar) ?? .init() {
            sink.append(ascii: 92)
            sink.append(ascii: 117)
            sink.append(hexByte: UInt8(truncatingIfNeeded: unit >> 8))
            sink.append(hexByte: UInt8(truncatingIfNeeded: unit))
        }
    }
}

/// The bytes of a span one after the other, for the standard library's decoder. A copy: an iterator that is
/// handed to generic code cannot borrow.
struct ByteIterator: IteratorProtocol {
    private let bytes: [UInt8]
    private var position = 0

    init(_ span: RawSpan) {
        var copy: [UInt8] = []
        copy.reserveCapacity(span.byteCount)
        for offset in 0..<span.byteCount { copy.append(span.uint8(at: offset)) }
        bytes = copy
    }

    mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        position += 1
        return bytes[position - 1]
    }
}
