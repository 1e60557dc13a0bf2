import Addressing

/// An IGMP message, read in place (RFC 3376 section 4, RFC 2236 section 2).
///
///     +---------------+---------------+-------------------------------+
///     |     Type      | Max resp time |           Checksum            |
///     +---------------+---------------+-------------------------------+
///     |                         Group address                         |
///     +---------------------------------------------------------------+
public struct IGMPMessage: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .igmp)
        self.bytes = bytes
    }

    /// 0x11 query; 0x12, 0x16, 0x22 reports of versions 1 to 3; 0x17 leave.
    @inlinable public var type: UInt8 { bytes.uint8(at: 0) }
    /// How long a host may wait with its report, in tenths of a second (RFC 2236 section 2.2).
    @inlinable public var maximumResponseTime: UInt8 { bytes.uint8(at: 1) }
    /// As it was sent, right or wrong.
    @inlinable public var checksum: UInt16 { bytes.uint16(at: 2) }
    /// In a version 3 report these bytes count records instead.
    @inlinable public var group: IPv4Address { bytes.ipv4Address(at: 4) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.igmp, required: length, &layers) }
        cursor.add(.igmp, header: length, to: &layers)
        return .data
    }
}

/// The values of an IGMP message of version 1 or 2, owned.
public struct IGMPValues: Hashable, Sendable {
    /// What kind of message it is.
    public var type: UInt8
    /// How long a host may wait with its report, in tenths of a second (RFC 2236 section 2.2).
    public var maximumResponseTime: UInt8
    /// The multicast group.
    public var group: IPv4Address

    /// A message of eight bytes; the time is in tenths of a second (RFC 2236 section 2.2).
    public init(type: UInt8, maximumResponseTime: UInt8, group: IPv4Address) {
        self.type = type
        self.maximumResponseTime = maximumResponseTime
        self.group = group
    }

    /// Copies the values of a header that was read.
    public init(_ message: borrowing IGMPMessage) {
        self.init(type: message.type, maximumResponseTime: message.maximumResponseTime, group: message.group)
    }

    /// In wire format, with the checksum computed.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = [type, maximumResponseTime, 0, 0]
        bytes.append(address: group)
        var checksum = InternetChecksum()
        checksum.add(bytes.rawSpan)
        bytes[2] = UInt8(checksum.value >> 8)
        bytes[3] = UInt8(checksum.value & 0xff)
        return bytes
    }
}
