import Addressing

/// A domain name in a DNS message (RFC 1035 section 3.1): labels, each a length byte and its bytes, up to the empty root
/// label; or, at any point, a pointer to where the rest stands in the message (section 4.1.4).
///
///     +--+--+-----------------+--------…     +--+--+-----------------------------+
///     |0  0 |     length      | bytes        |1  1 |  offset from the message    |
///     +--+--+-----------------+--------…     +--+--+-----------------------------+
///
/// This is the one decoder: it finds a name's end, and spells the name into any sink without a `String`. A hostile name
/// may point in circles or out of the message; pointers, labels and length are bounded. What is odd is spelled as
/// Wireshark spells it: `<Root>`, `<Name contains a pointer that loops>`, `<Name too long>`, `<Unknown extended label>`.
public struct DomainName: Sendable {
    /// The longest name that is spelled out, in characters with the dots: 255 bytes on the wire (RFC 1035 section 2.3.4).
    public static let maximumTextLength = 253
    /// No more pointers than bytes that a name may have.
    static let maximumPointers = 255
    /// Labels and pointers walked before a name that follows pointers counts as going in circles.
    static let maximumSteps = 1024

    /// What the walk came to.
    enum Kind: UInt8, Sendable {
        case text
        case root
        case loop
        case tooLong
        case unknownLabel
    }

    private(set) var kind = Kind.text
    /// Bytes of the name in the message where it stands, up to and with the root label or the first pointer.
    public private(set) var encodedLength = 0

    private var text = InlineArray<256, UInt8>(repeating: 0)
    /// Characters in `text`.
    private var written = 0
    /// Characters that count for the output; bit-string labels (RFC 2673, historic) do not, as in Wireshark.
    private var counted = 0
    private var room = 255

    /// Reads the name at `start`.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - start: the name's first byte, counted from the record's.
    ///   - message: the DNS message's first byte: pointers count from here.
    ///   - end: one past the message's last captured byte.
    /// - Returns: nil where the name, or what it points to, is not there, or has a label type that nothing defines.
    public init?(_ record: RawSpan, at start: Int, message: Int, end: Int) {
        let end = min(end, record.byteCount)
        var offset = start
        var encoded = -1
        var pointers = 0
        var steps = 0
        guard start >= 0, message >= 0 else { return nil }
        walk: while true {
            guard offset >= 0, offset < end else { return nil }
            let length = Int(record.uint8(at: offset))
            offset &+= 1
            steps &+= 1
            if length == 0 { break }
            if steps > Self.maximumSteps, encoded >= 0 {
                kind = .loop
                break walk
            }
            switch length & 0xc0 {
            case 0x00:
                guard offset &+ length <= end else { return nil }
                if written > 0 { append(46, counts: true) } else { room &-= 1 }
                var index = 0
                while index < length, room > 0 {
                    append(record.uint8(at: offset &+ index), counts: true)
                    index &+= 1
                }
                offset &+= length
            case 0x40 where length == 0x41:
                guard let after = appendBitString(record, at: offset, end: end) else { return nil }
                offset = after
            case 0x40:
                kind = .unknownLabel
                // Where the label ends is unknown, so what follows is read from here, even after a pointer.
                encoded = offset &- start
                break walk
            case 0xc0:
                guard offset < end else { return nil }
                let target = message &+ ((length & 0x3f) << 8 | Int(record.uint8(at: offset)))
                offset &+= 1
                pointers &+= 1
                if encoded < 0 { encoded = offset &- start }
                // The first test is Wireshark's for the shortest circle; it is two bytes off, and kept for its answers.
                if target == offset &+ 2 || pointers > Self.maximumPointers {
                    kind = .loop
                    break walk
                }
                offset = target
            default:
                return nil
            }
        }
        if kind == .text, room <= 0 { kind = .tooLong }
        if encoded < 0 { encoded = offset &- start }
        if kind == .text, encoded <= 2, written == 0 || text[0] == 0 {
            kind = .root
        } else if encoded < 2 || (kind == .text && encoded > 2 && counted == 0) {
            return nil
        }
        encodedLength = encoded
    }

    private mutating func append(_ byte: UInt8, counts: Bool) {
        guard room > 0, written < 255 else { return }
        text[written] = byte
        written &+= 1
        room &-= 1
        if counts { counted &+= 1 }
    }

    /// `\[x` and the bits in hexadecimal and their number; returns where the label ends.
    private mutating func appendBitString(_ record: RawSpan, at start: Int, end: Int) -> Int? {
        guard start < end else { return nil }
        let bits = Int(record.uint8(at: start))
        let length = bits == 0 ? 1 : (bits &- 1) / 8 &+ 1
        guard start &+ 1 &+ length <= end else { return nil }
        for byte in "\\[x".utf8 { append(byte, counts: false) }
        for index in 0..<length {
            let byte = record.uint8(at: start &+ 1 &+ index)
            append(Self.hexDigit(byte >> 4), counts: false)
            append(Self.hexDigit(byte & 15), counts: false)
        }
        append(47, counts: false)
        if bits >= 100 { append(48 &+ UInt8(bits / 100), counts: false) }
        if bits >= 10 { append(48 &+ UInt8(bits / 10 % 10), counts: false) }
        append(48 &+ UInt8(bits % 10), counts: false)
        append(93, counts: false)
        return start &+ 1 &+ length
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 &+ value : 87 &+ value }

    /// How the bytes of labels are spelled.
    public enum Style: Sendable {
        /// As tshark prints a name: for fields.
        case wireshark
        /// Escaped as all text for a terminal, `\xNN`: for lines.
        case escaped
    }

    /// Writes the name: `www.example.com`, without the final dot.
    public func write<Sink: ASCIISink & ~Copyable>(style: Style = .wireshark, to sink: inout Sink) {
        switch kind {
        case .root: Self.write("<Root>", to: &sink)
        case .loop: Self.write("<Name contains a pointer that loops>", to: &sink)
        case .tooLong: Self.write("<Name too long>", to: &sink)
        case .unknownLabel: Self.write("<Unknown extended label>", to: &sink)
        case .text:
            let bytes = text.rawSpan.extracting(0..<min(counted, 255))
            switch style {
            case .wireshark: WiresharkText.write(bytes, to: &sink)
            case .escaped: sink.append(escaping: bytes)
            }
        }
    }

    private static func write<Sink: ASCIISink & ~Copyable>(_ words: String, to sink: inout Sink) {
        for byte in words.utf8 { sink.append(ascii: byte) }
    }

    /// Writes a field's value: the name that `FieldValue.domainName` says where to find. Nothing is written where there is
    /// no name, which no field reader returns.
    public static func write<Sink: ASCIISink & ~Copyable>(
        _ record: RawSpan, start: Int32, message: Int32, style: Style = .wireshark, to sink: inout Sink
    ) {
        if let name = DomainName(record, at: Int(start), message: Int(message), end: record.byteCount) {
            name.write(style: style, to: &sink)
        }
    }
}
