import Addressing

/// An Ethernet frame, read in place (IEEE 802.3 section 3; RFC 894 for IP over it).
///
///     +--------------------+--------------------+----------------+
///     | Destination (6)    | Source (6)         | Type or length |
///     +--------------------+--------------------+----------------+
///
/// A capture has no preamble and usually no checksum behind the data; frames shorter than 60 bytes were padded by the
/// sender. The number in the last field says whether it is a type (from 1536 on) or a length (up to 1500), with an LLC
/// header behind it (IEEE 802.3 section 3.2.6); the numbers between are neither.
public struct EthernetFrame: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 14

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .ethernet)
        self.bytes = bytes
    }

    /// The destination address.
    @inlinable public var destination: MACAddress { bytes.macAddress(at: 0) }
    /// The source address.
    @inlinable public var source: MACAddress { bytes.macAddress(at: 6) }
    /// The number as it stands there; a length where it is not above `EtherType.lastLength`.
    @inlinable public var etherType: EtherType { EtherType(rawValue: bytes.uint16(at: 12)) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.ethernet, required: headerLength, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 12))
        // Cisco's FabricPath wraps a whole frame in addresses of its own and a tag.
        if type == .fabricPath { return .frame(.fabricPath) }
        if type == .vlan || type == .providerVLAN, cursor.has(18),
            record.uint16(at: cursor.start &+ 16) == EtherType.fabricPath.rawValue
        {
            return .frame(.fabricPath)
        }
        // Cisco's ISL shows in the first five bytes of the destination.
        if type.rawValue <= EtherType.lastLength, record.uint32(at: cursor.start) | 0x0d00_0000 == 0x0d00_0c00,
            record.uint8(at: cursor.start &+ 4) == 0
        {
            let first = record.uint8(at: cursor.start)
            if first == 0x01 || first == 0x0c { return .frame(.interSwitchLink) }
        }
        cursor.add(.ethernet, header: headerLength, to: &layers)
        if cursor.checkLength != 0 {
            let length = Int(cursor.checkLength)
            if cursor.claimed >= length { cursor.dropTrailer(length) }
            cursor.checkLength = 0
        }
        return type.isType ? .etherType(type) : type.frameBehind(record, &cursor, after: .ethernet)
    }
}

extension EtherType {
    /// Whether the number names a protocol. 0 stands in frames inside of some switches and names one too.
    @inlinable var isType: Bool { rawValue >= 1536 || rawValue == 0 }

    /// Whether the number is the length of an IEEE 802.3 frame's data.
    @inlinable public var isLength: Bool { rawValue > 0 && rawValue <= Self.lastLength }

    /// What follows a number that is no type: an LLC header that ends where the length says, NetWare's own frames
    /// without one (their first two bytes are an IPX checksum of all ones), or nothing that anybody knows.
    @usableFromInline
    func frameBehind(_ record: RawSpan, _ cursor: inout LayerCursor, after kind: LayerKind) -> Handoff {
        guard rawValue <= Self.lastLength else { return .stop(.unsupported(after: kind, number: UInt32(rawValue))) }
        if cursor.has(2), record.uint16(at: cursor.start) == 0xffff {
            return .stop(.unsupported(after: kind, number: 0xffff))
        }
        cursor.limit(toLength: Int(rawValue))
        return .frame(.logicalLink)
    }
}

/// The values of an Ethernet header, owned.
public struct EthernetHeader: Hashable, Sendable {
    /// The destination address.
    public var destination: MACAddress
    /// The source address.
    public var source: MACAddress
    /// What the frame carries.
    public var etherType: EtherType

    /// A header without a VLAN tag.
    public init(destination: MACAddress, source: MACAddress, etherType: EtherType) {
        self.destination = destination
        self.source = source
        self.etherType = etherType
    }

    /// Copies the values of a header that was read.
    public init(_ frame: borrowing EthernetFrame) {
        self.init(destination: frame.destination, source: frame.source, etherType: frame.etherType)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(address: destination)
        bytes.append(address: source)
        bytes.append(uint16: etherType.rawValue)
        return bytes
    }
}
