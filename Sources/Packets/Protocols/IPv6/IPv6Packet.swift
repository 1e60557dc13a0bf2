import Addressing

/// An IPv6 packet, read in place (RFC 8200 section 3).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------+---------------+---------------------------------------+
///     |Version| Traffic Class |              Flow Label               |
///     +-------+---------------+-------+---------------+---------------+
///     |         Payload Length        |  Next Header  |   Hop Limit   |
///     +-------------------------------+---------------+---------------+
///     |                      Source Address (16)                      |
///     |                    Destination Address (16)                   |
///     +---------------------------------------------------------------+
///
/// A payload length of 0 is a jumbogram when a hop-by-hop header follows (RFC 2675): the packet then ends where the
/// frame ends. Without one there is no payload, unless a TCP segment stands there: Linux hands segments of more than
/// 64 KB to the card (BIG TCP) with length 0 and without the header; the card divides them.
public struct IPv6Packet: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 40

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .ipv6)
        self.bytes = bytes
    }

    /// 6 in a packet that is IPv6.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) >> 4 }
    /// The six bits of differentiated services (RFC 2474) and the two of ECN (RFC 3168).
    @inlinable public var trafficClass: UInt8 { UInt8(truncatingIfNeeded: bytes.uint16(at: 0) >> 4) }
    /// 20 bits that are the same in all packets of a flow (RFC 6437).
    @inlinable public var flowLabel: UInt32 { bytes.uint32(at: 0) & 0x000f_ffff }
    /// Bytes behind the header.
    @inlinable public var payloadLength: UInt16 { bytes.uint16(at: 4) }
    /// The type of the next header: an extension header, or the payload's protocol (RFC 8200 section 3).
    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 6)) }
    /// How many more routers may pass it on.
    @inlinable public var hopLimit: UInt8 { bytes.uint8(at: 7) }
    /// The source address.
    @inlinable public var source: IPv6Address { bytes.ipv6Address(at: 8) }
    /// The destination address.
    @inlinable public var destination: IPv6Address { bytes.ipv6Address(at: 24) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(1) else { return cursor.cut(.ipv6, required: headerLength, &layers) }
        let start = cursor.start
        guard record.uint8(at: start) >> 4 == 6 else {
            return cursor.malformed(.ipv6, .version, at: 0, shown: 1, &layers)
        }
        guard cursor.has(headerLength) else { return cursor.cut(.ipv6, required: headerLength, &layers) }
        let payloadLength = Int(record.uint16(at: start &+ 4))
        let next = IPProtocol(rawValue: record.uint8(at: start &+ 6))
        if payloadLength > 0 {
            cursor.limit(toLength: headerLength &+ payloadLength)
        } else if next != .hopByHop {
            if !isOffloaded(next, record, cursor) { cursor.limit(toLength: headerLength) }
        }
        cursor.add(.ipv6, header: headerLength, to: &layers)
        cursor.isOverIPv4 = false
        cursor.carrier = Int32(truncatingIfNeeded: start)
        if cursor.claimed == 0 { return .data }
        return .ipProtocol(next)
    }

    /// Whether a whole TCP header follows a payload length of 0. Padding of the frame is shorter than one.
    @inline(never)
    private static func isOffloaded(_ next: IPProtocol, _ record: RawSpan, _ cursor: borrowing LayerCursor) -> Bool {
        guard next == .tcp, !cursor.isQuoted, cursor.has(headerLength &+ 20) else { return false }
        let length = 4 &* Int(record.uint8(at: cursor.start &+ headerLength &+ 12) >> 4)
        guard length >= 20 else { return false }
        return cursor.has(headerLength &+ length)
    }
}

/// The values of an IPv6 header, owned.
public struct IPv6Header: Hashable, Sendable {
    /// The six bits of differentiated services (RFC 2474) and the two of ECN (RFC 3168).
    public var trafficClass: UInt8
    /// 20 bits that are the same in all packets of a flow (RFC 6437).
    public var flowLabel: UInt32
    /// Bytes behind the header.
    public var payloadLength: UInt16
    /// The type of the next header: an extension header, or the payload's protocol (RFC 8200 section 3).
    public var nextHeader: IPProtocol
    /// How many more routers may pass it on.
    public var hopLimit: UInt8
    /// The source address.
    public var source: IPv6Address
    /// The destination address.
    public var destination: IPv6Address

    /// - Parameter payloadLength: bytes behind the fixed header, extension headers among them.
    public init(
        payloadLength: UInt16, nextHeader: IPProtocol, source: IPv6Address, destination: IPv6Address,
        hopLimit: UInt8 = 64,
        trafficClass: UInt8 = 0, flowLabel: UInt32 = 0
    ) {
        self.trafficClass = trafficClass
        self.flowLabel = flowLabel
        self.payloadLength = payloadLength
        self.nextHeader = nextHeader
        self.hopLimit = hopLimit
        self.source = source
        self.destination = destination
    }

    /// Copies the values of a header that was read.
    public init(_ packet: borrowing IPv6Packet) {
        self.init(
            payloadLength: packet.payloadLength, nextHeader: packet.nextHeader, source: packet.source,
            destination: packet.destination, hopLimit: packet.hopLimit, trafficClass: packet.trafficClass,
            flowLabel: packet.flowLabel)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint32: 6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0x000f_ffff)
        bytes.append(uint16: payloadLength)
        bytes += [nextHeader.rawValue, hopLimit]
        bytes.append(address: source)
        bytes.append(address: destination)
        return bytes
    }
}
