import Addressing

/// The records in a segment's bytes, one after the other (RFC 8446 section 5.1).
///
///     +---------------+-------------------------------+-------------------------------+---------…
///     | content type  |        legacy version         |            length             | fragment
///     +---------------+-------------------------------+-------------------------------+---------…
///
/// A record is read as far as its own segment goes; one that continues beyond is marked so, it is not malformed. A
/// segment that begins in the middle of a record has no records that can be told: a continuation.
struct TLSRecords {
    struct Record {
        var contentType: UInt8
        var version: UInt16
        /// What the record claims.
        var length: UInt16
        /// The fragment, as far as it is here.
        var fragment: Range<Int>
        /// Whether more of the fragment follows in another segment.
        var continues: Bool
        /// The whole messages that lie in a handshake record.
        var messages: Range<Int>
        /// A handshake message that began in a record before and ends in this one, put together in a data source.
        var joined = 0..<0
    }

    static let headerLength = 5
    static let changeCipherSpec: UInt8 = 20
    static let handshake: UInt8 = 22

    private var position: Int
    private let end: Int
    /// Where handshake messages of several records have been put together: what goes on from record to record.
    private var flight: TLSFlight?
    /// Where such messages lie, in order.
    private var joined = 0..<0

    init(_ record: RawSpan, _ layer: LayerRange) {
        self.init(alone: record, layer)
        guard let parts = AssembledParts(of: layer, in: record) else { return }
        let sourceEnd = Int(layer.assembly)
        joined = max(0, sourceEnd - parts.length)..<sourceEnd
        flight = TLSFlight()
    }

    /// Each record by itself.
    init(alone record: RawSpan, _ layer: LayerRange) {
        position = max(0, Int(layer.start))
        end = min(record.byteCount, Int(layer.end))
    }

    /// The next record whose header is here in full and looks like one.
    mutating func next(_ bytes: RawSpan) -> Record? {
        guard position < end, Self.isHeader(bytes, position, end) else { return nil }
        let length = bytes.uint16(at: position &+ 3)
        let first = position &+ Self.headerLength
        let last = first &+ Int(length)
        let fragment = first..<min(last, end)
        var record = Record(
            contentType: bytes.uint8(at: position), version: bytes.uint16(at: position &+ 1), length: length,
            fragment: fragment, continues: last > end, messages: fragment)
        position = last
        if flight != nil, record.contentType == Self.handshake { findJoined(&record, bytes) }
        return record
    }

    /// Tells the messages of several records from those that lie in this one.
    private mutating func findJoined(_ record: inout Record, _ bytes: RawSpan) {
        guard let taken = flight?.take(bytes, record.fragment) else { return }
        let start = record.fragment.lowerBound &+ taken.continued
        record.messages = start..<max(start, taken.openFrom)
        guard let length = taken.completed, length <= joined.count else { return }
        record.joined = joined.prefix(length)
        joined = joined.dropFirst(length)
    }

    /// A known content type, a version of SSL 3 or TLS 1, and a length that a record may have (2^14 and what encryption
    /// adds, RFC 5246 section 6.2.3).
    static func isHeader(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard end &- start >= headerLength else { return false }
        let type = bytes.uint8(at: start)
        return type >= 20 && type <= 24 && bytes.uint8(at: start &+ 1) == 3 && bytes.uint8(at: start &+ 2) <= 4
            && bytes.uint16(at: start &+ 3) <= 16_384 &+ 2_048
    }

    /// Whether a segment at an unknown port begins with a TLS record: a handshake, or data. The other types are too
    /// small to tell, and come behind those.
    static func isLikely(_ bytes: RawSpan, _ start: Int, _ end: Int) -> Bool {
        isHeader(bytes, start, end) && 22...23 ~= bytes.uint8(at: start) && bytes.uint16(at: start &+ 3) > 0
    }

    /// A ClientHello asks, a ServerHello answers (RFC 8446 section 4): the type, a length below 64 KiB, and the version
    /// that both begin with. Later handshake messages may be encrypted, and look like anything.
    static func asks(_ message: RawSpan) -> Bool? {
        guard isHeader(message, 0, message.byteCount), message.byteCount >= headerLength &+ 5,
            message.uint8(at: 0) == 22, message.uint8(at: headerLength &+ 1) == 0,
            message.uint8(at: headerLength &+ 4) == 3
        else { return nil }
        return switch message.uint8(at: headerLength) {
        case 1: true
        case 2: false
        default: nil
        }
    }

    /// Whether the first bytes of a segment are all printable ASCII, as no record's are.
    static func isPlainText(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= headerLength, range.upperBound <= bytes.byteCount else { return false }
        return range.prefix(headerLength).allSatisfy { 32...126 ~= bytes.uint8(at: $0) }
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        cursor.add(.tls, header: cursor.available, to: &layers)
        return .data
    }
}

/// The handshake messages inside a record (RFC 8446 section 4): type, length of three bytes, body.
///
/// After the handshake's keys are agreed its messages are encrypted, and look like nothing; a message of an unknown
/// type, or that claims more than a handshake may have, ends the walk.
struct TLSHandshakes {
    struct Message {
        var type: UInt8
        /// What the message claims.
        var length: Int
        /// The body, as far as it is here.
        var body: Range<Int>
        /// Whether all of it is here.
        var isWhole: Bool
    }

    static let clientHello: UInt8 = 1
    static let serverHello: UInt8 = 2
    static let certificate: UInt8 = 11

    private var position: Int
    private var end: Int
    /// What is read behind a message that was put together.
    private var rest: Range<Int>?

    init(_ record: TLSRecords.Record) {
        position = record.messages.lowerBound
        end = record.contentType == TLSRecords.handshake ? record.messages.upperBound : position
        guard !record.joined.isEmpty else { return }
        rest = position..<end
        (position, end) = (record.joined.lowerBound, record.joined.upperBound)
    }

    mutating func next(_ bytes: RawSpan) -> Message? {
        if position >= end, let behind = rest {
            (position, end) = (behind.lowerBound, behind.upperBound)
            rest = nil
        }
        guard position &+ 4 <= end else { return nil }
        let type = bytes.uint8(at: position)
        let length = Int(bytes.uint8(at: position &+ 1)) << 16 | Int(bytes.uint16(at: position &+ 2))
        guard TLSNames.handshake(UInt64(type)) != nil, length < 1 << 20 else { return nil }
        let first = position &+ 4
        let message = Message(
            type: type, length: length, body: first..<min(end, first &+ length), isWhole: first &+ length <= end)
        position = first &+ length
        return message
    }
}
