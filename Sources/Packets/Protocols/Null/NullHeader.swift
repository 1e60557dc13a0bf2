/// The header of BSD loopback captures (LINKTYPE_NULL, LINKTYPE_LOOP): the address family as a 32-bit number, for NULL
/// in the byte order of the machine that captured. Families fit in 16 bits, so which half is zero tells the byte order.
public struct NullHeader: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 4

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .null)
        self.bytes = bytes
    }

    /// The address family: 2 is IPv4 everywhere; IPv6 is 24, 28 or 30 on the BSDs and macOS. Or an EtherType.
    @inlinable public var family: UInt32 { Self.family(bytes.littleEndianUInt32(at: 0)) }

    /// Which of the four ways to write the number this is: either byte order, in four bytes or in the first two of
    /// them.
    @usableFromInline
    static func family(_ value: UInt32) -> UInt32 {
        if value >> 16 == 0 {
            return value & 0xff == 0 && value & 0xff00 < 0x0600 ? value >> 8 : value
        }
        return value >> 24 == 0 && value & 0x00ff_0000 < 0x0006_0000 ? value >> 16 : value.byteSwapped
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.null, required: headerLength, &layers) }
        // Some dial-up adapters were captured as this: PPP with its two HDLC bytes.
        if record.uint16(at: cursor.start) == 0xff03 { return .linkType(.pppHDLC) }
        guard cursor.has(headerLength) else { return cursor.cut(.null, required: headerLength, &layers) }
        let family = family(record.littleEndianUInt32(at: cursor.start))
        cursor.add(.null, header: headerLength, to: &layers)
        if family > UInt32(EtherType.lastLength) {
            return .etherType(EtherType(rawValue: UInt16(truncatingIfNeeded: family)))
        }
        return handoff(family)
    }

    /// The same in network byte order only (LINKTYPE_LOOP).
    static func dissectLoop(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.null, required: headerLength, &layers) }
        let family = record.uint32(at: cursor.start)
        cursor.add(.null, header: headerLength, to: &layers)
        return handoff(family)
    }

    private static func handoff(_ family: UInt32) -> Handoff {
        switch family {
        case 2: .etherType(.ipv4)
        case 7: .serviceAccessPoint(0xfe)
        case 24, 28, 30: .etherType(.ipv6)
        default: .stop(.unsupported(after: .null, number: family))
        }
    }
}
