/// A Geneve header, read in place (RFC 8926 section 3.4).
///
///     +---+-----------+-+-+-----------+-------------------------------+
///     |Ver| Opt. len  |O|C|    Rsvd.  |         Protocol type         |
///     +---+-----------+-+-+-----------+---------------+---------------+
///     |           Virtual network identifier          |   Reserved    |
///     +-----------------------------------------------+---------------+
///
/// The options' length counts words of four bytes; the type is an EtherType, usually a bridged frame.
public struct GeneveHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .geneve)
        self.bytes = bytes
    }

    /// The version of the format.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 6 }
    /// In bytes.
    @inlinable public var optionsLength: Int { 4 &* Int(bytes.uint8(at: 0) & 0x3f) }
    /// The EtherType of the payload.
    @inlinable public var protocolType: EtherType { EtherType(rawValue: bytes.uint16(at: 2)) }
    /// Which virtual network the frame belongs to, 24 bits.
    @inlinable public var networkIdentifier: UInt32 { bytes.uint32(at: 4) >> 8 }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.geneve, required: minimumLength, &layers) }
        let start = cursor.start
        let length = minimumLength &+ 4 &* Int(record.uint8(at: start) & 0x3f)
        guard cursor.has(length) else { return cursor.cut(.geneve, required: length, &layers) }
        let type = EtherType(rawValue: record.uint16(at: start &+ 2))
        cursor.add(.geneve, header: length, to: &layers)
        return .etherType(type)
    }
}

/// The values of a Geneve header without options, owned.
public struct GeneveValues: Hashable, Sendable {
    /// The EtherType of the payload.
    public var protocolType: EtherType
    /// Which virtual network the frame belongs to, 24 bits.
    public var networkIdentifier: UInt32

    /// A header without options; of the identifier the low 24 bits are sent.
    public init(protocolType: EtherType, networkIdentifier: UInt32) {
        self.protocolType = protocolType
        self.networkIdentifier = networkIdentifier
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing GeneveHeader) {
        self.init(protocolType: header.protocolType, networkIdentifier: header.networkIdentifier)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [0, 0]
        bytes.append(uint16: protocolType.rawValue)
        bytes.append(uint32: networkIdentifier << 8)
        return bytes
    }
}
