import Addressing

/// A DNS message, read in place (RFC 1035 section 4.1.1; the flags as in RFC 9499 and RFC 4035).
///
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     |                      ID                       |
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     |                    QDCOUNT                    |
///     |                    ANCOUNT                    |
///     |                    NSCOUNT                    |
///     |                    ARCOUNT                    |
///     +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
///     | questions, answers, authority, additional     |
///
/// Multicast DNS (RFC 6762) and LLMNR (RFC 4795) send the same message. Opening proves the first four bytes; the counts
/// are optional, so that a message cut short still shows its number and flags.
public struct DNSMessage: ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 12
    /// Identifier and flags: less is not shown as a message.
    static let leastLength = 4

    /// The whole record: compression pointers and ranges count from here.
    let record: RawSpan
    /// The message's first byte; over TCP the one after the length.
    let start: Int
    /// One past its last captured byte.
    let end: Int
    /// `dns`, `mdns` or `llmnr`.
    let kind: LayerKind

    @_lifetime(copy record)
    init?(_ record: RawSpan, _ range: Range<Int>, kind: LayerKind) {
        guard range.lowerBound >= 0, range.upperBound <= record.byteCount, range.count >= Self.leastLength else {
            return nil
        }
        self.record = record
        start = range.lowerBound
        end = range.upperBound
        self.kind = kind
    }

    static func asks(_ message: RawSpan) -> Bool? {
        // The QR bit (RFC 1035 section 4.1.1).
        message.byteCount >= 4 ? message.uint8(at: 2) & 0x80 == 0 : nil
    }

    /// The identifier of a layer's first message, and whether that is an answer; nil where even those are not there.
    public static func identity(_ layer: LayerRange, _ record: RawSpan) -> (identifier: UInt16, isResponse: Bool)? {
        var messages = DNSMessages(record, layer)
        guard let range = messages.next(record), let message = DNSMessage(record, range, kind: messages.kind) else {
            return nil
        }
        return (message.identifier, message.isResponse)
    }

    /// Ties an answer to its question.
    public var identifier: UInt16 { record.uint16(at: start) }
    /// All flags as they were sent.
    public var flags: UInt16 { record.uint16(at: start &+ 2) }
    /// An answer, no query.
    public var isResponse: Bool { flags & 0x8000 != 0 }
    /// What is asked for; 0 is a standard query.
    public var opcode: UInt8 { UInt8(truncatingIfNeeded: flags >> 11) & 15 }
    /// How it went; 0 is no error.
    public var responseCode: UInt8 { UInt8(truncatingIfNeeded: flags) & 15 }
    /// Multicast DNS: the top bit of a class is a flag (RFC 6762 sections 5.4 and 10.2).
    var isMulticast: Bool { kind == .mdns }
    /// LLMNR: some flags mean something else, most nothing (RFC 4795 section 2.1.1).
    var isLinkLocal: Bool { kind == .llmnr }
    /// Dynamic update (RFC 2136): the four sections are zone, prerequisites, updates and additional data.
    public var isUpdate: Bool { opcode == 5 }

    /// How many entries a section claims to have, 0 to 3; nil where the message ends before.
    func count(_ section: Int) -> UInt16? {
        let offset = start &+ 4 &+ section &* 2
        return offset &+ 2 <= end ? record.uint16(at: offset) : nil
    }

    /// The name that begins at an offset of the record.
    func name(at offset: Int) -> DomainName? { DomainName(record, at: offset, message: start, end: end) }

    /// A field's value for a name, where there is one.
    func nameValue(at offset: Int) -> FieldValue? {
        name(at: offset) == nil
            ? nil : .domainName(start: Int32(truncatingIfNeeded: offset), message: Int32(truncatingIfNeeded: start))
    }

    var questions: DNSEntries { DNSEntries(position: start &+ Self.headerLength, left: count(0) ?? 0) }

    /// Whether a datagram at a port that nobody owns looks like DNS: a standard query with one question and nothing
    /// else, or a response with few entries. The conditions are Wireshark's. A remote procedure call (RFC 5531) can
    /// look the same, and is told by its message type and version.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int, _ claimedEnd: Int) -> Bool {
        guard end &- start >= headerLength, claimedEnd &- start > headerLength else { return false }
        guard record.uint8(at: start &+ 2) & 0x78 == 0 else { return false }
        let counts = record.uint64(at: start &+ 4)
        let questions = counts >> 48
        let answers = counts >> 32 & 0xffff
        let authority = counts >> 16 & 0xffff
        let additional = counts & 0xffff
        guard additional <= 10 else { return false }
        if record.uint8(at: start &+ 2) & 0x80 == 0 { return questions == 1 && answers == 0 && authority == 0 }
        guard questions <= 1, answers <= 100, authority <= 10 else { return false }
        return
            !(questions == 0 && answers <= 1 && counts & 0xffff_ffff <= 2 && isRemoteProcedureCall(record, start, end))
    }

    /// A call with RPC version 2, where program, version and procedure follow; or an accepted reply, where the verifier
    /// follows: its kind, a small number, and its length.
    private static func isRemoteProcedureCall(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard end &- start >= 24 else { return false }
        switch record.uint64(at: start &+ 4) {
        case 2: return true
        case 1 << 32: return record.uint32(at: start &+ 12) <= 6
        default: return false
        }
    }

    /// Over UDP: one message, to the datagram's end.
    static func dissect(
        _ kind: LayerKind, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        dissect(kind, prefix: 0, record, &cursor, &layers)
    }

    /// Over TCP: messages with their length before each (RFC 1035 section 4.2.2), as many as the segment has.
    static func dissectOverTCP(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        dissect(.dns, prefix: 2, record, &cursor, &layers)
    }

    private static func dissect(
        _ kind: LayerKind, prefix: Int, _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        guard cursor.has(prefix &+ leastLength) else { return .stop(cursor.missing(prefix &+ leastLength, for: kind)) }
        guard cursor.has(prefix &+ headerLength) else {
            let handoff = cursor.cut(kind, required: prefix &+ headerLength, &layers)
            layers[layers.count &- 1].hasLengthPrefix = prefix > 0
            return handoff
        }
        // All of it is read; nothing is left for another layer.
        cursor.add(kind, header: cursor.available, to: &layers)
        layers[layers.count &- 1].hasLengthPrefix = prefix > 0
        return .data
    }
}

/// The messages of a layer, one after the other: one over UDP, any number over TCP.
struct DNSMessages {
    private var position: Int
    private let end: Int
    let kind: LayerKind
    private let hasLengthPrefix: Bool
    /// Over TCP, what the length before the message said.
    private(set) var lengthPrefix: UInt16?

    init(_ record: RawSpan, _ layer: LayerRange) {
        position = max(0, Int(layer.start))
        end = min(record.byteCount, Int(layer.end))
        kind = layer.kind
        hasLengthPrefix = layer.hasLengthPrefix
    }

    /// The next message's bytes, as captured; nil at the layer's end. A message cut short may be too short to open.
    mutating func next(_ record: RawSpan) -> Range<Int>? {
        guard position < end else { return nil }
        guard hasLengthPrefix else {
            defer { position = end }
            return position..<end
        }
        guard end &- position >= 2 else { return nil }
        let length = record.uint16(at: position)
        lengthPrefix = length
        let first = position &+ 2
        position = first &+ Int(length)
        return first..<min(end, position)
    }
}
