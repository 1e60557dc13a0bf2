/// A QUIC packet, as far as its header is in the clear (RFC 9000 section 17, RFC 8999 for all versions).
///
///     +-+-+---+-------+---------------------------------------------------+
///     |1|F|Typ|  …    |                 Version (4)                       |
///     +-+-+---+-------+---------------------------------------------------+
///     | Length (1), destination connection ID | Length (1), source's …    |
///     +---------------------------------------+---------------------------+
///     | Initial: token with its length; Initial, 0-RTT, Handshake: length |
///     +-------------------------------------------------------------------+
///
/// A packet with a short header begins with 0 instead of 1; where its connection ID ends only the connection tells.
/// Version negotiation has version 0 and a list of versions; a Retry has a token and its check.
struct QUICPacket {
    enum Kind: UInt32 {
        case initial = 1
        case zeroRTT = 2
        case handshake = 3
        case retry = 4
        case negotiation = 5
        case short = 6
        /// The header is cut.
        case unknown = 7
    }

    let kind: Kind
    /// The whole packet, as far as it is there.
    let range: Range<Int>
    let destination: Range<Int>?
    let source: Range<Int>?
    let token: Range<Int>?
    /// What the length field says.
    let length: UInt64?

    private static let versionPlace = 1
    /// The longest connection ID of versions 1 and 2 (RFC 9000 section 17.2).
    static let longestID = 20

    /// The packet at the beginning of a range; nil for no bytes, or zeros that fill up a datagram.
    init?(_ range: Range<Int>, of record: RawSpan) {
        let end = min(range.upperBound, record.byteCount)
        let start = range.lowerBound
        guard start >= 0, start < end else { return nil }
        let first = record.uint8(at: start)
        guard first & 0x80 != 0 else {
            guard first & 0x40 != 0 else { return nil }
            self.init(.short, start..<end)
            return
        }
        guard let destination = Self.connectionID(at: start &+ 5, end, record),
            let source = Self.connectionID(at: destination.upperBound, end, record)
        else {
            self.init(.unknown, start..<end)
            return
        }
        let version = record.uint32(at: start &+ Self.versionPlace)
        let kind = version == 0 ? .negotiation : Self.kind(first, version)
        var position = source.upperBound
        var token: Range<Int>?
        if kind == .initial {
            guard let length = Self.number(at: &position, end, record), length <= UInt64(end &- position) else {
                self.init(kind, start..<end, destination, source)
                return
            }
            token = position..<position &+ Int(length)
            position &+= Int(length)
        }
        switch kind {
        case .initial, .zeroRTT, .handshake:
            let length = Self.number(at: &position, end, record)
            let rest = min(length ?? .max, UInt64(end &- position))
            self.init(kind, start..<position &+ Int(rest), destination, source, token: token, length: length)
        case .retry:
            // Sixteen bytes of check end it.
            if end &- position >= 16 { token = position..<end &- 16 }
            self.init(kind, start..<end, destination, source, token: token)
        default: self.init(kind, start..<end, destination, source)
        }
    }

    private init(
        _ kind: Kind, _ range: Range<Int>, _ destination: Range<Int>? = nil, _ source: Range<Int>? = nil,
        token: Range<Int>? = nil, length: UInt64? = nil
    ) {
        self.kind = kind
        self.range = range
        self.destination = destination
        self.source = source
        self.token = token
        self.length = length
    }

    /// The type's two bits; version 2 numbers them anew (RFC 9369 section 3.2).
    private static func kind(_ first: UInt8, _ version: UInt32) -> Kind {
        let type = first >> 4 & 3
        let isSecond = version == 0x6b33_43cf || version == 0x709a_50c4
        switch isSecond ? (type &+ 3) & 3 : type {
        case 0: return .initial
        case 1: return .zeroRTT
        case 2: return .handshake
        default: return .retry
        }
    }

    /// A connection ID behind the byte with its length.
    private static func connectionID(at place: Int, _ end: Int, _ record: RawSpan) -> Range<Int>? {
        guard place < end else { return nil }
        let length = Int(record.uint8(at: place))
        guard length <= end &- place &- 1 else { return nil }
        return place &+ 1..<place &+ 1 &+ length
    }

    /// A number of variable length: the first two bits say of how many bytes (RFC 9000 section 16).
    private static func number(at position: inout Int, _ end: Int, _ record: RawSpan) -> UInt64? {
        guard position < end else { return nil }
        let first = record.uint8(at: position)
        let length = 1 << Int(first >> 6)
        guard length <= end &- position else { return nil }
        var value = UInt64(first & 0x3f)
        for offset in 1..<max(length, 1) { value = value << 8 | UInt64(record.uint8(at: position &+ offset)) }
        position &+= length
        return value
    }

    // MARK: Recognition

    /// Whether a datagram begins with a long header of a version that is in use, with connection IDs that fit.
    static let hasLongHeader: Attachment.Acceptance = { record, cursor, _ in
        guard cursor.has(7), record.uint8(at: cursor.start) & 0x80 != 0 else { return false }
        let version = record.uint32(at: cursor.start &+ versionPlace)
        guard isKnown(version), version == 0 || record.uint8(at: cursor.start) & 0x40 != 0 else { return false }
        guard let destination = connectionID(at: cursor.start &+ 5, cursor.end, record),
            let source = connectionID(at: destination.upperBound, cursor.end, record)
        else { return false }
        guard destination.count <= longestID, source.count <= longestID else { return false }
        guard version == 0 else { return destination.count &+ source.count > 0 }
        let list = cursor.end &- source.upperBound
        return list >= 4 && list & 3 == 0
    }

    /// At QUIC's own port a short header is one too: its fixed bit, and room for a connection ID or a packet's check.
    static let isAtPort: Attachment.Acceptance = { record, cursor, isOpening in
        guard cursor.has(1) else { return false }
        if record.uint8(at: cursor.start) & 0xc0 == 0x40 { return cursor.claimed >= 21 }
        return hasLongHeader(record, cursor, isOpening)
    }

    /// Versions 1 and 2, the drafts, negotiation, and Facebook's (IANA "QUIC Versions").
    private static func isKnown(_ version: UInt32) -> Bool {
        switch version {
        case 0, 1, 0x6b33_43cf, 0x709a_50c4, 0xff00_0001...0xff00_0022, 0xface_b001...0xface_b00f: true
        default: false
        }
    }
}
