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
    public let bytes: RawSpan
    /// Where the protocol field begins: 0 or 2.
    @usableFromInline let protocolOffset: Int
    /// Bytes of the protocol field: 1 or 2.
    @usableFromInline let protocolLength: Int

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        let (offset, length) = Self.layout(bytes, 0, bytes.byteCount)
        guard bytes.byteCount >= offset &+ length else {
            throw LengthError(required: offset &+ length, available: bytes.byteCount, layer: .ppp)
        }
        self.bytes = bytes
        protocolOffset = offset
        protocolLength = length
    }

    /// Whether the two HDLC bytes are there.
    @inlinable public var hasAddress: Bool { protocolOffset == 2 }
    @inlinable public var protocolNumber: UInt16 { protocolLength == 1 ? UInt16(bytes.uint8(at: protocolOffset)) : bytes.uint16(at: protocolOffset) }
    @inlinable public var headerLength: Int { protocolOffset &+ protocolLength }

    private static func layout(_ bytes: RawSpan, _ start: Int, _ end: Int) -> (offset: Int, length: Int) {
        guard start < end else { return (0, 1) }
        let offset = start &+ 2 <= end && bytes.uint16(at: start) == 0xff03 ? 2 : 0
        guard start &+ offset < end else { return (offset, 1) }
        return (offset, bytes.uint8(at: start &+ offset) & 1 == 1 ? 1 : 2)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let start = cursor.start
        let (offset, length) = layout(record, start, cursor.end)
        guard cursor.has(offset &+ length) else { return cursor.cut(.ppp, required: offset &+ length, &layers) }
        let number = length == 1 ? UInt16(record.uint8(at: start &+ offset)) : record.uint16(at: start &+ offset)
        cursor.add(.ppp, header: offset &+ length, to: &layers)
        return .pppProtocol(number)
    }

    /// The same where the frame comes from a serial line (LINKTYPE_PPP, LINKTYPE_PPP_HDLC): an address of 0x0f or 0x8f says
    /// that the line speaks Cisco's HDLC instead, and 0xff alone that two bytes come before the protocol.
    static func dissectSerial(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return cursor.cut(.ppp, required: 1, &layers) }
        let start = cursor.start
        let first = record.uint8(at: start)
        if first == CiscoHDLCFrame.unicast || first == CiscoHDLCFrame.multicast { return .linkType(.ciscoHDLC) }
        let offset = first == 0xff ? 2 : 0
        guard cursor.has(offset &+ 1) else { return cursor.cut(.ppp, required: offset &+ 1, &layers) }
        let length = record.uint8(at: start &+ offset) & 1 == 1 ? 1 : 2
        guard cursor.has(offset &+ length) else { return cursor.cut(.ppp, required: offset &+ length, &layers) }
        let number = length == 1 ? UInt16(record.uint8(at: start &+ offset)) : record.uint16(at: start &+ offset)
        cursor.add(.ppp, header: offset &+ length, to: &layers)
        return .pppProtocol(number)
    }
}
