/// A PPP frame, read in place (RFC 1661 section 2; RFC 1662 for the two HDLC bytes in front).
///
///     +----------+----------+----------------+
///     | Address  | Control  | Protocol (1-2) |
///     | 11111111 | 00000011 |                |
///     +----------+----------+----------------+
///
/// Address and control may be left out, and the protocol may be compressed to one byte (RFC 1661 section 6.5): an odd
/// first byte says that it is the whole number.
public struct PPPFrame: HeaderView, ~Escapable {
    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan
    /// Where the protocol field begins: 0 or 2.
    @usableFromInline let protocolOffset: Int
    /// Bytes of the protocol field: 1 or 2.
    @usableFromInline let protocolLength: Int

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        let (offset, length) = Self.layout(bytes, 0, bytes.byteCount)
        try LengthError.check(bytes, has: offset &+ length, for: .ppp)
        self.bytes = bytes
        protocolOffset = offset
        protocolLength = length
    }

    /// Whether the two HDLC bytes are there.
    @inlinable public var hasAddress: Bool { protocolOffset == 2 }
    /// The payload's protocol (IANA "PPP DLL Protocol Numbers").
    @inlinable public var protocolNumber: UInt16 {
        protocolLength == 1 ? UInt16(bytes.uint8(at: protocolOffset)) : bytes.uint16(at: protocolOffset)
    }
    /// Bytes up to the payload: 1 to 4.
    @inlinable public var headerLength: Int { protocolOffset &+ protocolLength }

    private static func layout(_ bytes: RawSpan, _ start: Int, _ end: Int) -> (offset: Int, length: Int) {
        guard start < end else { return (0, 1) }
        let offset = start &+ 2 <= end && bytes.uint16(at: start) == 0xff03 ? 2 : 0
        guard start &+ offset < end else { return (offset, 1) }
        return (offset, bytes.uint8(at: start &+ offset) & 1 == 1 ? 1 : 2)
    }

    /// The bare frame, which PPPoE (RFC 2516 section 4), multilink and the network layer identifiers carry: no address
    /// before the protocol.
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        dissect(record, &cursor, &layers, at: 0)
    }

    private static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], at offset: Int
    ) -> Handoff {
        guard cursor.has(offset &+ 1) else { return cursor.cut(.ppp, required: offset &+ 1, &layers) }
        let start = cursor.start &+ offset
        let length = record.uint8(at: start) & 1 == 1 ? 1 : 2
        guard cursor.has(offset &+ length) else { return cursor.cut(.ppp, required: offset &+ length, &layers) }
        let number = length == 1 ? UInt16(record.uint8(at: start)) : record.uint16(at: start)
        cursor.add(.ppp, header: offset &+ length, to: &layers)
        return .pppProtocol(number)
    }

    /// The same where the frame comes from a serial line (LINKTYPE_PPP, LINKTYPE_PPP_HDLC): an address of 0x0f or 0x8f
    /// says that the line speaks Cisco's HDLC instead, and 0xff alone that two bytes come before the protocol.
    static func dissectSerial(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return cursor.cut(.ppp, required: 1, &layers) }
        let first = record.uint8(at: cursor.start)
        if first == CiscoHDLCFrame.unicast || first == CiscoHDLCFrame.multicast { return .linkType(.ciscoHDLC) }
        return dissect(record, &cursor, &layers, at: first == 0xff ? 2 : 0)
    }

    /// The same behind one byte that says which way the frame went (LINKTYPE_PPP_WITH_DIR).
    static func dissectBehindDirection(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]
    ) -> Handoff {
        cursor.skip(1)
        return dissectSerial(record, &cursor, &layers)
    }

    /// PPP as it goes over an asynchronous line (RFC 1662 section 4), which mobile networks put into GRE piece by
    /// piece: only what lies between two flags is a frame. One with escaped bytes stays data: its bytes are not those
    /// of the record.
    static func dissectStuffed(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        var start = cursor.start
        while start < cursor.end, record.uint8(at: start) != flag { start &+= 1 }
        while start < cursor.end, record.uint8(at: start) == flag { start &+= 1 }
        var end = start
        while end < cursor.end, record.uint8(at: end) != flag {
            if record.uint8(at: end) == escape { return .data }
            end &+= 1
        }
        guard end < cursor.end, end &- start > checkLength else { return .data }
        cursor.skip(start &- cursor.start)
        cursor.limit(toLength: end &- start)
        cursor.dropTrailer(checkLength)
        return .linkType(.pppHDLC)
    }

    private static let flag: UInt8 = 0x7e
    private static let escape: UInt8 = 0x7d
    private static let checkLength = 2
}
