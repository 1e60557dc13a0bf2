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
    }

    static let headerLength = 5

    private var position: Int
    private let end: Int

    init(_ record: RawSpan, _ layer: LayerRange) {
        position = max(0, Int(layer.start))
        end = min(record.byteCount, Int(layer.end))
    }

    /// The next record whose header is here in full and looks like one.
    mutating func next(_ bytes: RawSpan) -> Record? {
        guard position < end, Self.isHeader(bytes, position, end) else { return nil }
        let length = bytes.uint16(at: position &+ 3)
        let first = position &+ Self.headerLength
        let last = first &+ Int(length)
        let record = Record(
            contentType: bytes.uint8(at: position), version: bytes.uint16(at: position &+ 1), length: length,
            fragment: first..<min(last, end), continues: last > end)
        position = last
        return record
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

    private var position: Int
    private let end: Int

    init(_ record: TLSRecords.Record) {
        position = record.fragment.lowerBound
        end = record.contentType == 22 ? record.fragment.upperBound : position
    }

    mutating func next(_ bytes: RawSpan) -> Message? {
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
