import Addressing
import Text

/// A domain name in a DNS message (RFC 1035 section 3.1): labels, each a length byte and its bytes, up to the empty
/// root label; or, at any point, a pointer to where the rest stands in the message (section 4.1.4).
///
///     +--+--+-----------------+--------…     +--+--+-----------------------------+
///     |0  0 |     length      | bytes        |1  1 |  offset from the message    |
///     +--+--+-----------------+--------…     +--+--+-----------------------------+
///
/// This is the one decoder: it walks once to find the name's end and what it is, and once more to spell it into any
/// sink, without a `String` or a copy. A hostile name may point in circles or out of the message; pointers, labels and
/// length are bounded. What is odd is spelled as Wireshark spells it: `<Root>`, `<Name contains a pointer that loops>`,
/// `<Name too long>`, `<Unknown extended label>`.
public struct DomainName: Hashable, Sendable {
    /// The most characters that are spelled out, with the dots: 255 bytes on the wire (RFC 1035 section 2.3.4).
    public static let maximumCharacters = 253
    /// No more pointers than bytes that a name may have.
    static let maximumPointers = 255
    /// Labels and pointers walked before a name that follows pointers is given up: twice what a name of 255 bytes can
    /// have. Without this bound a message full of pointers into itself would take seconds.
    static let maximumSteps = 300

    /// What the walk came to.
    public enum Kind: UInt8, Sendable {
        case text
        case root
        case loop
        case tooLong
        case unknownLabel
    }

    /// Whether it can be spelled out, and why not.
    public let kind: Kind
    /// Bytes of the name where it stands, up to and with the root label or the first pointer.
    public let encodedLength: Int
    /// Labels and pointers that were followed, and characters that it spells out to: what `PacketBudget.names` counts.
    let cost: Int
    /// Where it stands, and where the message begins, counted from the record's first byte.
    private let start: Int
    private let message: Int
    /// How much of the spelling is shown. Wireshark does not count bit-string labels, and so cuts a name that has one.
    private let characters: Int

    /// Reads the name at `start`.
    /// - Parameters:
    ///   - record: the captured bytes.
    ///   - start: the name's first byte, counted from the record's.
    ///   - message: the DNS message's first byte: pointers count from here.
    ///   - end: one past the message's last captured byte.
    /// - Returns: nil where the name, or what it points to, is not there, or has a label type that nothing defines.
    public init?(_ record: RawSpan, at start: Int, message: Int, end: Int) {
        guard start >= 0, message >= 0 else { return nil }
        var walk = Walk(offset: start, message: message, end: min(end, record.byteCount))
        var kind = Kind.text
        var spelled = 0
        var characters = 0
        var firstIsZero = true
        labels: while true {
            switch walk.next(record) {
            case .label(let range):
                if spelled == 0 { firstIsZero = record.uint8(at: range.lowerBound) == 0 }
                let length = range.count &+ (spelled > 0 ? 1 : 0)
                spelled &+= length
                characters &+= length
            case .bitString(let bits, _):
                if spelled == 0 { firstIsZero = false }
                spelled &+= Self.spelledLength(bits: bits)
            case .end: break labels
            case .loop:
                kind = .loop
                break labels
            case .tooLong:
                kind = .tooLong
                break labels
            case .unknownLabel:
                kind = .unknownLabel
                // Where the label ends is unknown, so what follows is read from here, even after a pointer.
                walk.encodedEnd = walk.offset
                break labels
            case .broken: return nil
            }
        }
        let encoded = walk.encodedEnd &- start
        if kind == .text, spelled > Self.maximumCharacters { kind = .tooLong }
        if kind == .text, encoded <= 2, firstIsZero {
            kind = .root
        } else if encoded < 2 || (kind == .text && encoded > 2 && characters == 0) {
            return nil
        }
        self.kind = kind
        self.start = start
        self.message = message
        self.characters = characters
        encodedLength = encoded
        cost = walk.steps &+ min(spelled, Self.maximumCharacters)
    }

    /// How the bytes of labels are spelled.
    public enum Style: Sendable {
        /// As tshark prints a name: for fields.
        case wireshark
        /// Escaped as all text for a terminal, `\xNN`: for lines.
        case escaped
    }

    /// Writes the name: `www.example.com`, without the final dot.
    /// - Parameter record: the bytes that the name was read from.
    public func write<Sink: TextSink & ~Copyable>(_ record: RawSpan, style: Style = .wireshark, to sink: inout Sink) {
        switch kind {
        case .root: Self.write("<Root>", to: &sink)
        case .loop: Self.write("<Name contains a pointer that loops>", to: &sink)
        case .tooLong: Self.write("<Name too long>", to: &sink)
        case .unknownLabel: Self.write("<Unknown extended label>", to: &sink)
        case .text: writeLabels(record, style, to: &sink)
        }
    }

    private func writeLabels<Sink: TextSink & ~Copyable>(_ record: RawSpan, _ style: Style, to sink: inout Sink) {
        var walk = Walk(offset: start, message: message, end: record.byteCount)
        var left = characters
        var isFirst = true
        while left > 0 {
            switch walk.next(record) {
            case .label(let range):
                if !isFirst {
                    sink.append(ascii: 46)
                    left &-= 1
                }
                let shown = min(left, range.count)
                let bytes = record.extracting(range.lowerBound..<range.lowerBound &+ shown)
                switch style {
                case .wireshark: WiresharkText.write(bytes, to: &sink)
                case .escaped: sink.append(escaping: bytes)
                }
                left &-= shown
            case .bitString(let bits, let range):
                Self.writeBitString(record, range, bits, limit: &left, to: &sink)
            case .end, .loop, .tooLong, .unknownLabel, .broken: return
            }
            isFirst = false
        }
    }

    /// Writes a field's value: the name that `FieldValue.domainName` says where to find. Nothing is written where there
    /// is no name, which no field reader returns.
    public static func write<Sink: TextSink & ~Copyable>(
        _ record: RawSpan, start: Int32, message: Int32, style: Style = .wireshark, to sink: inout Sink
    ) {
        guard let name = DomainName(record, at: Int(start), message: Int(message), end: record.byteCount) else {
            return
        }
        name.write(record, style: style, to: &sink)
    }

    private static func write<Sink: TextSink & ~Copyable>(_ words: String, to sink: inout Sink) {
        for byte in words.utf8 { sink.append(ascii: byte) }
    }
}

extension DomainName {
    /// One step through a name.
    enum Step {
        /// A label's bytes, in the record.
        case label(Range<Int>)
        /// A label of bits (RFC 2673, historic): their number, 0 standing for 256, and their bytes.
        case bitString(bits: Int, Range<Int>)
        /// The root label.
        case end
        case loop
        case tooLong
        case unknownLabel
        /// Not there, or of a type that nothing defines.
        case broken
    }

    /// Walks from label to label, following pointers.
    struct Walk {
        private(set) var offset: Int
        let message: Int
        let end: Int
        /// Where the name ends in its own place: known at the first pointer, or at the end.
        var encodedEnd = -1
        private var pointers = 0
        private(set) var steps = 0

        init(offset: Int, message: Int, end: Int) {
            self.offset = offset
            self.message = message
            self.end = end
        }

        mutating func next(_ record: RawSpan) -> Step {
            while true {
                guard offset >= 0, offset < end else { return .broken }
                let length = Int(record.uint8(at: offset))
                offset &+= 1
                steps &+= 1
                if length == 0 {
                    if encodedEnd < 0 { encodedEnd = offset }
                    return .end
                }
                if steps > DomainName.maximumSteps, encodedEnd >= 0 { return pointers > 1 ? .loop : .tooLong }
                switch length & 0xc0 {
                case 0x00:
                    guard offset &+ length <= end else { return .broken }
                    offset &+= length
                    return .label(offset &- length..<offset)
                case 0x40 where length == 0x41:
                    guard offset < end else { return .broken }
                    let bits = Int(record.uint8(at: offset))
                    let bytes = max(1, (bits &+ 7) / 8)
                    guard offset &+ 1 &+ bytes <= end else { return .broken }
                    offset &+= 1 &+ bytes
                    return .bitString(bits: bits, offset &- bytes..<offset)
                case 0x40: return .unknownLabel
                case 0xc0:
                    guard offset < end else { return .broken }
                    let target = message &+ ((length & 0x3f) << 8 | Int(record.uint8(at: offset)))
                    offset &+= 1
                    pointers &+= 1
                    if encodedEnd < 0 { encodedEnd = offset }
                    // The first test is Wireshark's for the shortest circle; it is two bytes off, and kept for its
                    // answers.
                    if target == offset &+ 2 || pointers > DomainName.maximumPointers { return .loop }
                    offset = target
                default: return .broken
                }
            }
        }
    }

    /// `\[x`, the bytes in hexadecimal, `/`, the number of bits, `]`.
    private static func spelledLength(bits: Int) -> Int {
        3 &+ 2 &* max(1, (bits &+ 7) / 8) &+ 1 &+ (bits >= 100 ? 3 : bits >= 10 ? 2 : 1) &+ 1
    }

    private static func writeBitString<Sink: TextSink & ~Copyable>(
        _ record: RawSpan, _ range: Range<Int>, _ bits: Int, limit: inout Int, to sink: inout Sink
    ) {
        var text = SummaryText()
        text.append("\\[x")
        for offset in range { text.append(hexByte: record.uint8(at: offset)) }
        text.append(ascii: 47)
        text.append(decimal: UInt64(bits))
        text.append(ascii: 93)
        text.write(limit: limit, to: &sink)
        limit = max(0, limit &- spelledLength(bits: bits))
    }
}
