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
    public static let headerLength = 14

    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= Self.headerLength else {
            throw LengthError(required: Self.headerLength, available: bytes.byteCount, layer: .ethernet)
        }
        self.bytes = bytes
    }

    @inlinable public var destination: MACAddress { bytes.macAddress(at: 0) }
    @inlinable public var source: MACAddress { bytes.macAddress(at: 6) }
    /// The number as it stands there; a length where it is not above `EtherType.lastLength`.
    @inlinable public var etherType: EtherType { EtherType(rawValue: bytes.uint16(at: 12)) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.ethernet, required: headerLength, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 12))
        cursor.add(.ethernet, header: headerLength, to: &layers)
        return type.isType ? .etherType(type) : type.frameBehind(record, &cursor, after: .ethernet)
    }
}

extension EtherType {
    /// Whether the number names a protocol. 0 stands in frames inside of some switches and names one too.
    @inlinable var isType: Bool { rawValue >= 1536 || rawValue == 0 }

    /// What follows a number that is no type: an LLC header that ends where the length says, NetWare's own frames without
    /// one (their first two bytes are an IPX checksum of all ones), or nothing that anybody knows.
    @usableFromInline
    func frameBehind(_ record: RawSpan, _ cursor: inout LayerCursor, after kind: LayerKind) -> Handoff {
        guard rawValue <= Self.lastLength else { return .stop(.unsupported(after: kind, number: UInt32(rawValue))) }
        if cursor.has(2), record.uint16(at: cursor.start) == 0xffff { return .stop(.unsupported(after: kind, number: 0xffff)) }
        cursor.limit(toLength: Int(rawValue))
        return .logicalLink
    }
}

/// The values of an Ethernet header, owned.
public struct EthernetHeader: Hashable, Sendable {
    public var destination: MACAddress
    public var source: MACAddress
    public var etherType: EtherType

    public init(destination: MACAddress, source: MACAddress, etherType: EtherType) {
        self.destination = destination
        self.source = source
        self.etherType = etherType
    }

    public init(_ frame: borrowing EthernetFrame) {
        self.init(destination: frame.destination, source: frame.source, etherType: frame.etherType)
    }

    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(address: destination)
        bytes.append(address: source)
        bytes.append(uint16: etherType.rawValue)
        return bytes
    }
}
