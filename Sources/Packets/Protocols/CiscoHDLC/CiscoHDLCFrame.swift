/// A frame of Cisco's HDLC, read in place (LINKTYPE_C_HDLC; RFC 4349 section 3 shows it).
///
///     +---------+---------+------------------+
///     | Address | Control |  Protocol (2)    |
///     +---------+---------+------------------+
///
/// The protocol is an EtherType with a few numbers of Cisco's own.
public struct CiscoHDLCFrame: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 4
    /// The address of a frame to the other end of the line.
    public static let unicast: UInt8 = 0x0f
    /// The address of a broadcast; on a line of two that is the other end, too.
    public static let multicast: UInt8 = 0x8f

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .ciscoHDLC)
        self.bytes = bytes
    }

    /// `unicast` or `multicast`.
    @inlinable public var address: UInt8 { bytes.uint8(at: 0) }
    /// Always 0 as Cisco defines it.
    @inlinable public var control: UInt8 { bytes.uint8(at: 1) }
    /// The EtherType of the payload, or a number of Cisco's own.
    @inlinable public var protocolNumber: UInt16 { bytes.uint16(at: 2) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.ciscoHDLC, required: length, &layers) }
        let number = record.uint16(at: cursor.start &+ 2)
        cursor.add(.ciscoHDLC, header: length, to: &layers)
        return handoff(number, after: .ciscoHDLC, record, &cursor)
    }

    /// Whether the number is one that stands in these frames.
    static func isKnown(_ number: UInt16) -> Bool {
        switch number {
        case 0x0111, 0x0600, 0x0800, 0x2000, 0x4242, 0x6003, 0x6558, 0x8035, 0x8038, 0x809b, 0x80f3, 0x8137, 0x86dd,
            0x8847, 0x8848, 0xfefe:
            true
        default: false
        }
    }

    /// The protocol numbers are few: an EtherType that is not among them stays unknown.
    static func handoff(
        _ number: UInt16, after kind: LayerKind, _ record: RawSpan, _ cursor: inout LayerCursor
    ) -> Handoff {
        switch number {
        case 0x0800, 0x86dd, 0x8847, 0x8848, 0x6558: return .etherType(EtherType(rawValue: number))
        case 0xfefe:
            // A byte of padding, unless the network layer's own protocols follow at once.
            if cursor.has(1), !(0x81...0x83 ~= record.uint8(at: cursor.start)) { cursor.skip(1) }
            return .serviceAccessPoint(0xfe)
        default: return .stop(.unsupported(after: kind, number: UInt32(number)))
        }
    }
}
