/// The fragment header of IPv6, read in place (RFC 8200 section 4.5).
///
///     +---------------+---------------+-------------------------+---+-+
///     |  Next header  |   Reserved    |      Fragment offset    |Res|M|
///     +---------------+---------------+-------------------------+---+-+
///     |                         Identification                        |
///     +---------------------------------------------------------------+
public struct IPv6FragmentHeader: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .ipv6Fragment)
        self.bytes = bytes
    }

    /// The type of the next header (RFC 8200 section 4).
    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 0)) }
    /// In bytes.
    @inlinable public var fragmentOffset: Int { Int(bytes.uint16(at: 2) & 0xfff8) }
    /// Another fragment of the datagram follows this one.
    @inlinable public var moreFragments: Bool { bytes.uint8(at: 3) & 1 == 1 }
    /// The same in all fragments of a datagram.
    @inlinable public var identification: UInt32 { bytes.uint32(at: 4) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.ipv6Fragment, required: length, &layers) }
        let start = cursor.start
        let place = record.uint16(at: start &+ 2)
        cursor.add(.ipv6Fragment, header: length, to: &layers)
        if place & 0xfff8 != 0 { return .stop(.fragment(.ipv6Fragment)) }
        if place & 1 == 1 {
            let packet = Int(cursor.carrier)
            if packet >= 0, !cursor.isOverIPv4, packet &+ IPv6Packet.headerLength <= start,
                cursor.awaitsOthers(
                    from: packet, length: IPv6Packet.headerLength &+ Int(record.uint16(at: packet &+ 4)))
            {
                return .stop(.fragment(.ipv6Fragment))
            }
            cursor.isFragment = true
        }
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start)))
    }
}

/// The values of a fragment header, owned.
public struct IPv6Fragment: Hashable, Sendable {
    /// The type of the next header (RFC 8200 section 4).
    public var nextHeader: IPProtocol
    /// In bytes, a multiple of 8.
    public var fragmentOffset: Int
    /// Another fragment of the datagram follows this one.
    public var moreFragments: Bool
    /// The same in all fragments of a datagram.
    public var identification: UInt32

    /// - Parameter fragmentOffset: in bytes, a multiple of 8.
    public init(nextHeader: IPProtocol, fragmentOffset: Int, moreFragments: Bool, identification: UInt32) {
        self.nextHeader = nextHeader
        self.fragmentOffset = fragmentOffset
        self.moreFragments = moreFragments
        self.identification = identification
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing IPv6FragmentHeader) {
        self.init(
            nextHeader: header.nextHeader, fragmentOffset: header.fragmentOffset, moreFragments: header.moreFragments,
            identification: header.identification)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [nextHeader.rawValue, 0]
        bytes.append(uint16: UInt16(truncatingIfNeeded: fragmentOffset) & 0xfff8 | (moreFragments ? 1 : 0))
        bytes.append(uint32: identification)
        return bytes
    }
}
