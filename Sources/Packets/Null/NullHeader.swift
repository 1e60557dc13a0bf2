/// The header of BSD loopback captures (LINKTYPE_NULL, LINKTYPE_LOOP): the address family as a 32-bit number, for NULL in
/// the byte order of the machine that captured. Families fit in 16 bits, so which half is zero tells the byte order.
public struct NullHeader: HeaderView, ~Escapable {
    public static let headerLength = 4

    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= Self.headerLength else {
            throw LengthError(required: Self.headerLength, available: bytes.byteCount, layer: .null)
        }
        self.bytes = bytes
    }

    /// The address family: 2 is IPv4 everywhere; IPv6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS.
    @inlinable
    public var family: UInt32 {
        let value = bytes.uint32(at: 0)
        return value & 0xffff_0000 != 0 && value & 0xffff == 0 ? value.byteSwapped : value
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return .stop(cursor.missing(headerLength, for: .null)) }
        let start = cursor.start
        let value = record.uint32(at: start)
        let family = value & 0xffff_0000 != 0 && value & 0xffff == 0 ? value.byteSwapped : value
        layers.append(LayerRange(
            kind: .null, start: start, headerEnd: start &+ headerLength, end: cursor.end, claimedEnd: cursor.claimedEnd))
        cursor.start = start &+ headerLength
        switch family {
        case 2: return .etherType(.ipv4)
        case 10, 24, 28, 30: return .etherType(.ipv6)
        default: return .stop(.unsupported(after: .null, number: family))
        }
    }
}
