import Addressing

/// The one door for text that others wrote: packets, comments, names, banners.
///
/// What reaches a terminal, a log or a page through here can neither move a cursor nor hide: control characters (C0,
/// DEL, C1), escape sequences, bidirectional marks and other invisible format characters, line and paragraph
/// separators, unassigned code points and bytes that are no UTF-8 are written as `\xNN`, a backslash as `\\`.
/// Everything else stays readable.
extension ASCIISink where Self: ~Copyable {
    /// Appends bytes as escaped text.
    public mutating func append(escaping bytes: RawSpan) {
        var offset = 0
        while offset < bytes.byteCount {
            let first = bytes.uint8(at: offset)
            if first < 0x80 {
                append(escapingASCII: first)
                offset &+= 1
                continue
            }
            let length = Self.sequenceLength(bytes, at: offset)
            for index in offset..<offset &+ max(1, length) {
                if length > 0 {
                    append(ascii: bytes.uint8(at: index))
                } else {
                    append(escapedByte: bytes.uint8(at: index))
                }
            }
            offset &+= max(1, length)
        }
    }

    /// Appends text that somebody else wrote, escaped.
    public mutating func append(escaping text: String) { append(escaping: Array(text.utf8).rawSpan) }

    @inline(__always)
    mutating func append(escapingASCII byte: UInt8) {
        if byte < 0x20 || byte == 0x7f {
            append(escapedByte: byte)
        } else {
            if byte == UInt8(ascii: "\\") { append(ascii: byte) }
            append(ascii: byte)
        }
    }

    mutating func append(escapedByte byte: UInt8) {
        append(ascii: UInt8(ascii: "\\"))
        append(ascii: UInt8(ascii: "x"))
        append(hexByte: byte)
    }

    /// How many bytes the UTF-8 sequence at `offset` has when it is well formed (RFC 3629 section 4) and harmless; else
    /// 0.
    private static func sequenceLength(_ bytes: RawSpan, at offset: Int) -> Int {
        let first = bytes.uint8(at: offset)
        let length: Int
        var value: UInt32
        switch first {
        case 0xc2...0xdf: (length, value) = (2, UInt32(first & 0x1f))
        case 0xe0...0xef: (length, value) = (3, UInt32(first & 0x0f))
        case 0xf0...0xf4: (length, value) = (4, UInt32(first & 0x07))
        default: return 0
        }
        guard length <= bytes.byteCount &- offset else { return 0 }
        for index in offset &+ 1..<offset &+ length {
            let byte = bytes.uint8(at: index)
            guard byte & 0xc0 == 0x80 else { return 0 }
            value = value << 6 | UInt32(byte & 0x3f)
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return 0 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return 0
        default: return length
        }
    }
}

extension String {
    /// The text with everything escaped that could do harm on a terminal.
    public var escapedForDisplay: String {
        var collector = ByteCollector()
        collector.append(escaping: self)
        return String(decoding: collector.bytes, as: UTF8.self)
    }
}

/// A sink that keeps its bytes: for short texts outside of hot paths.
public struct ByteCollector: ASCIISink {
    public var bytes: [UInt8] = []

    public init() {}

    public mutating func append(ascii byte: UInt8) { bytes.append(byte) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
