/// A VXLAN header, read in place (RFC 7348 section 5): an Ethernet frame in UDP.
///
///     +-+-+-+-+-+-+-+-+-----------------------------------------------+
///     | … I …         |                   Reserved                    |
///     +---------------+-------------------------------+---------------+
///     |        VXLAN network identifier (VNI)         |   Reserved    |
///     +-----------------------------------------------+---------------+
public struct VXLANHeader: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .vxlan)
        self.bytes = bytes
    }

    /// All flags as they were sent.
    @inlinable public var flags: UInt16 { bytes.uint16(at: 0) }
    /// Which virtual network the frame belongs to, 24 bits.
    @inlinable public var networkIdentifier: UInt32 { bytes.uint32(at: 4) >> 8 }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.vxlan, required: length, &layers) }
        cursor.add(.vxlan, header: length, to: &layers)
        return .linkType(.ethernet)
    }

    /// The generic protocol extension (draft-ietf-nvo3-vxlan-gpe): the fourth byte names what is inside.
    static func dissectGeneric(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        guard cursor.has(length) else { return cursor.cut(.vxlan, required: length, &layers) }
        let next = record.uint8(at: cursor.start &+ 3)
        cursor.add(.vxlan, header: length, to: &layers)
        switch next {
        case 1: return .linkType(.ipv4)
        case 2: return .linkType(.ipv6)
        case 3: return .linkType(.ethernet)
        case 4: return .etherType(.networkServiceHeader)
        case 5: return .etherType(.mpls)
        default: return .stop(.unsupported(after: .vxlan, number: UInt32(next)))
        }
    }
}

/// The values of a VXLAN header, owned.
public struct VXLANValues: Hashable, Sendable {
    /// Which virtual network the frame belongs to, 24 bits.
    public var networkIdentifier: UInt32

    /// - Parameter networkIdentifier: 24 bits; higher ones are not sent.
    public init(networkIdentifier: UInt32) { self.networkIdentifier = networkIdentifier }
    /// Copies the values of a header that was read.
    public init(_ header: borrowing VXLANHeader) { networkIdentifier = header.networkIdentifier }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [0x08, 0, 0, 0]
        bytes.append(uint32: networkIdentifier << 8)
        return bytes
    }
}
