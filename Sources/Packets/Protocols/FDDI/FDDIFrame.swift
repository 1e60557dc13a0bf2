import Addressing

/// An FDDI frame, read in place (RFC 1390; LINKTYPE_FDDI).
///
///     +-----------------+-----------------+------------+
///     | Frame control   | Destination (6) | Source (6) |
///     +-----------------+-----------------+------------+
///
/// Only frames whose control says "LLC" carry packets; the rest manage the ring.
public struct FDDIFrame: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 13

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .fddi)
        self.bytes = bytes
    }

    /// What kind of frame it is.
    @inlinable public var frameControl: UInt8 { bytes.uint8(at: 0) }
    /// The destination address.
    @inlinable public var destination: MACAddress { bytes.macAddress(at: 1) }
    /// The source address.
    @inlinable public var source: MACAddress { bytes.macAddress(at: 7) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.fddi, required: length, &layers) }
        let control = record.uint8(at: cursor.start)
        cursor.add(.fddi, header: length, to: &layers)
        return 0x50...0x5f ~= control ? .frame(.logicalLink) : .data
    }
}
