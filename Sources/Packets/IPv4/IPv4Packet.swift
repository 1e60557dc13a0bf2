import Addressing

/// An IPv4 packet, read in place (RFC 791 section 3.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+-------+---------------+-------------------------------+
///     |Version|  IHL  |Type of Service|          Total Length         |
///     +-------+-------+---------------+-----+-------------------------+
///     |         Identification        |Flags|     Fragment Offset     |
///     +---------------+---------------+-----+-------------------------+
///     |  Time to Live |    Protocol   |        Header Checksum        |
///     +---------------+---------------+-------------------------------+
///     |                         Source Address                        |
///     +---------------------------------------------------------------+
///     |                      Destination Address                      |
///     +---------------------------------------------------------------+
///     |                            Options                            |
///     +---------------------------------------------------------------+
///
/// A total length of 0 is what segmentation offload leaves on sent packets above 64 KB and some drivers on every sent
/// one: the packet then ends where the frame ends.
public struct IPv4Packet: HeaderView, ~Escapable {
    public static let minimumLength = 20

    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= Self.minimumLength else {
            throw LengthError(required: Self.minimumLength, available: bytes.byteCount, layer: .ipv4)
        }
        self.bytes = bytes
    }

    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 4 }
    /// The header's length in bytes as the IHL says, 0 to 60; below 20 it is malformed.
    @inlinable public var headerLength: Int { Int(bytes.uint8(at: 0) & 15) &* 4 }
    /// The six differentiated services bits (RFC 2474) and the two of explicit congestion notification (RFC 3168).
    @inlinable public var trafficClass: UInt8 { bytes.uint8(at: 1) }
    @inlinable public var totalLength: UInt16 { bytes.uint16(at: 2) }
    @inlinable public var identification: UInt16 { bytes.uint16(at: 4) }
    @inlinable public var dontFragment: Bool { bytes.uint8(at: 6) & 0x40 != 0 }
    @inlinable public var moreFragments: Bool { bytes.uint8(at: 6) & 0x20 != 0 }
    /// Where this fragment's data belongs in the whole datagram, in bytes.
    @inlinable public var fragmentOffset: Int { Int(bytes.uint16(at: 6) & 0x1fff) &* 8 }
    @inlinable public var timeToLive: UInt8 { bytes.uint8(at: 8) }
    @inlinable public var protocolNumber: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 9)) }
    @inlinable public var headerChecksum: UInt16 { bytes.uint16(at: 10) }
    @inlinable public var source: IPv4Address { bytes.ipv4Address(at: 12) }
    @inlinable public var destination: IPv4Address { bytes.ipv4Address(at: 16) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return .stop(cursor.missing(minimumLength, for: .ipv4)) }
        let start = cursor.start
        let first = record.uint8(at: start)
        guard first >> 4 == 4 else { return .stop(.malformed(.ipv4, .version, offset: start)) }
        let headerLength = Int(first & 15) &* 4
        guard headerLength >= minimumLength else { return .stop(.malformed(.ipv4, .headerLength, offset: start)) }
        let totalLength = Int(record.uint16(at: start &+ 2))
        if totalLength >= headerLength { cursor.limit(toLength: totalLength) }
        guard cursor.has(headerLength) else {
            layers.append(LayerRange(kind: .ipv4, start: start, headerEnd: cursor.end, end: cursor.end, claimedEnd: cursor.claimedEnd))
            return .stop(cursor.missing(headerLength, for: .ipv4))
        }
        layers.append(LayerRange(
            kind: .ipv4, start: start, headerEnd: start &+ headerLength, end: cursor.end, claimedEnd: cursor.claimedEnd))
        guard totalLength == 0 || totalLength >= headerLength else {
            return .stop(.malformed(.ipv4, .totalLength, offset: start &+ 2))
        }
        cursor.start = start &+ headerLength
        if record.uint16(at: start &+ 6) & 0x1fff != 0 { return .stop(.fragment(.ipv4)) }
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start &+ 9)))
    }
}
