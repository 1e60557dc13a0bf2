import Addressing

/// An Ethernet frame, read in place (IEEE 802.3 section 3; RFC 894 for IP over it).
///
///     +--------------------+--------------------+-----------+
///     | Destination (6)    | Source (6)         | Type (2)  |
///     +--------------------+--------------------+-----------+
///
/// A capture has no preamble and usually no checksum behind the data; frames shorter than 60 bytes were padded by the
/// sender, and what is padding only the layer above can tell.
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
    @inlinable public var etherType: EtherType { EtherType(rawValue: bytes.uint16(at: 12)) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return .stop(cursor.missing(headerLength, for: .ethernet)) }
        let start = cursor.start
        layers.append(LayerRange(
            kind: .ethernet, start: start, headerEnd: start &+ headerLength, end: cursor.end, claimedEnd: cursor.claimedEnd))
        cursor.start = start &+ headerLength
        return .etherType(EtherType(rawValue: record.uint16(at: start &+ 12)))
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
        for address in [destination, source] {
            bytes.append(uint16: UInt16(truncatingIfNeeded: address.rawValue >> 32))
            bytes.append(uint32: UInt32(truncatingIfNeeded: address.rawValue))
        }
        bytes.append(uint16: etherType.rawValue)
        return bytes
    }
}
