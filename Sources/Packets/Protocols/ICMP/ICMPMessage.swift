/// An ICMP message, read in place (RFC 792).
///
///     +---------------+---------------+-------------------------------+
///     |     Type      |     Code      |           Checksum            |
///     +---------------+---------------+-------------------------------+
///     |     depends on the type: identifier and sequence number of    |
///     |     an echo, the next hop's MTU, unused; then the quoted      |
///     |     packet of an error                                        |
///     +---------------------------------------------------------------+
public struct ICMPMessage: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .icmp)
        self.bytes = bytes
    }

    /// What kind of message it is.
    @inlinable public var type: UInt8 { bytes.uint8(at: 0) }
    /// The code, which says more precisely what the type means.
    @inlinable public var code: UInt8 { bytes.uint8(at: 1) }
    /// As it was sent, right or wrong.
    @inlinable public var checksum: UInt16 { bytes.uint16(at: 2) }
    /// Echo: which program's request this is.
    @inlinable public var identifier: UInt16 { bytes.uint16(at: 4) }
    /// Echo: the request's number.
    @inlinable public var sequenceNumber: UInt16 { bytes.uint16(at: 6) }

    /// Whether the message reports an error and quotes the packet that caused it (RFC 1122 section 3.2.2).
    @inlinable public var quotesPacket: Bool { Self.quotes(type) }

    @usableFromInline
    static func quotes(_ type: UInt8) -> Bool {
        switch type {
        case 3, 4, 5, 11, 12: true
        default: false
        }
    }

    /// Destination unreachable, time exceeded, parameter problem, and source quench, whose byte has no meaning of its
    /// own.
    private static func hasLength(_ type: UInt8) -> Bool { type == 3 || type == 4 || type == 11 || type == 12 }

    private static let redirect: UInt8 = 5

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.icmp, required: minimumLength, &layers) }
        let type = record.uint8(at: cursor.start)
        cursor.add(.icmp, header: minimumLength, to: &layers)
        guard quotes(type), cursor.available > 0 else { return .data }
        cursor.isQuoted = true
        // A redirect quotes the header and eight bytes (RFC 792); what else is there is not the packet's, so it is left
        // alone.
        if type == redirect, record.uint8(at: cursor.start) >> 4 == 4 {
            cursor.limit(toLength: Int(record.uint8(at: cursor.start) & 15) &* 4 &+ 8)
        }
        // Behind the quoted packet may be more: a length says where, in words (RFC 4884 section 4.1). It should count
        // the IP header and be 32 at least; there are senders that do neither, so the header is counted apart, as
        // Wireshark does it. A length that leaves room for nothing behind the packet is none.
        let length = hasLength(type) ? 4 &* Int(record.uint8(at: cursor.start &- 3)) : 0
        if length > 0, cursor.claimed > length, cursor.has(4), Int(record.uint16(at: cursor.start &+ 2)) > length {
            cursor.limit(toLength: 4 &* Int(record.uint8(at: cursor.start) & 15) &+ length)
        }
        return .ipVersion
    }
}
