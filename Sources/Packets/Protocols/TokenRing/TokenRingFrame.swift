import Addressing

/// A token ring frame, read in place (IEEE 802.5; RFC 1042; LINKTYPE_IEEE802_5).
///
///     +----------------+---------------+-----------------+------------+-----------------------+
///     | Access control | Frame control | Destination (6) | Source (6) | Routing, if announced |
///     +----------------+---------------+-----------------+------------+-----------------------+
///
/// The highest bit of the source says that routing information follows; its first five bits' number is its length.
public struct TokenRingFrame: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 14

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .tokenRing)
        self.bytes = bytes
    }

    /// What kind of frame it is.
    @inlinable public var frameControl: UInt8 { bytes.uint8(at: 1) }
    /// The destination address.
    @inlinable public var destination: MACAddress { bytes.macAddress(at: 2) }
    /// The source address.
    @inlinable public var source: MACAddress {
        MACAddress(rawValue: bytes.macAddress(at: 8).rawValue & 0x7fff_ffff_ffff)
    }
    /// Whether routing information follows the header.
    @inlinable public var isRouted: Bool { bytes.uint8(at: 8) & 0x80 != 0 }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.tokenRing, required: minimumLength, &layers) }
        let start = cursor.start
        var length = minimumLength
        if record.uint8(at: start &+ 8) & 0x80 != 0 {
            guard cursor.has(minimumLength &+ 1) else {
                return cursor.cut(.tokenRing, required: minimumLength &+ 1, &layers)
            }
            length &+= Int(record.uint8(at: start &+ minimumLength) & 0x1f)
        }
        guard cursor.has(length) else { return cursor.cut(.tokenRing, required: length, &layers) }
        let control = record.uint8(at: start &+ 1)
        cursor.add(.tokenRing, header: length, to: &layers)
        return control >> 6 == 1 ? .frame(.logicalLink) : .data
    }
}
