/// A VLAN tag, read in place, from behind the type that announced it (IEEE 802.1Q section 9.6).
///
///     +-----+---+-----------------------+-------------------------------+
///     | PCP |DEI|   VLAN identifier     |        Type or length         |
///     +-----+---+-----------------------+-------------------------------+
///
/// Tags stand behind each other: 0x88a8 announces the provider's, 0x8100 the customer's (802.1ad "QinQ").
public struct VLANTag: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 4

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .vlan)
        self.bytes = bytes
    }

    /// The priority, 0 to 7.
    @inlinable public var priority: UInt8 { bytes.uint8(at: 0) >> 5 }
    /// Whether the frame may be dropped first under load.
    @inlinable public var dropEligible: Bool { bytes.uint8(at: 0) & 0x10 != 0 }
    /// 1 to 4094; 0 is a priority without a VLAN.
    @inlinable public var identifier: UInt16 { bytes.uint16(at: 0) & 0x0fff }
    /// What the frame carries.
    @inlinable public var etherType: EtherType { EtherType(rawValue: bytes.uint16(at: 2)) }

    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], as kind: LayerKind = .vlan
    ) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(kind, required: length, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 2))
        cursor.add(kind, header: length, to: &layers)
        // Behind a provider's tag stands a type, never a length (IEEE 802.1Q section 9).
        if kind == .providerVLAN, type.rawValue <= EtherType.lastLength { return .data }
        return type.rawValue > EtherType.lastLength ? .etherType(type) : type.frameBehind(record, &cursor, after: kind)
    }
}

/// The values of a VLAN tag, owned.
public struct VLANHeader: Hashable, Sendable {
    /// 0 to 7.
    public var priority: UInt8
    /// The frame may be dropped first under load.
    public var dropEligible: Bool
    /// The VLAN's number, 12 bits; 0 means priority alone (IEEE 802.1Q section 9.6).
    public var identifier: UInt16
    /// What the frame carries.
    public var etherType: EtherType

    /// - Parameter identifier: 12 bits; higher ones are not sent.
    public init(identifier: UInt16, etherType: EtherType, priority: UInt8 = 0, dropEligible: Bool = false) {
        self.priority = priority
        self.dropEligible = dropEligible
        self.identifier = identifier
        self.etherType = etherType
    }

    /// Copies the values of a header that was read.
    public init(_ tag: borrowing VLANTag) {
        self.init(
            identifier: tag.identifier, etherType: tag.etherType, priority: tag.priority, dropEligible: tag.dropEligible
        )
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: UInt16(priority & 7) << 13 | (dropEligible ? 0x1000 : 0) | identifier & 0x0fff)
        bytes.append(uint16: etherType.rawValue)
        return bytes
    }
}
