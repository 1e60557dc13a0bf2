import Addressing

/// A TCP segment, read in place (RFC 9293 section 3.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-------------------------------+-------------------------------+
///     |          Source Port          |       Destination Port        |
///     +-------------------------------+-------------------------------+
///     |                        Sequence Number                        |
///     +---------------------------------------------------------------+
///     |                    Acknowledgment Number                      |
///     +-------+-------+---------------+-------------------------------+
///     | DOffs | Rsrvd | control bits  |            Window             |
///     +-------+-------+---------------+-------------------------------+
///     |           Checksum            |         Urgent Pointer        |
///     +-------------------------------+-------------------------------+
///     |                           [Options]                           |
///     +---------------------------------------------------------------+
///
/// Opening proves that the 20 fixed bytes are there; options and payload end where the bytes end, whatever the data
/// offset says, so a cut segment still shows its ports and numbers.
public struct TCPSegment: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 20

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// - Parameter bytes: header and payload as the IP layer ends them.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .tcp)
        self.bytes = bytes
    }

    /// The sender's port.
    @inlinable public var sourcePort: Port { Port(bytes.uint16(at: 0)) }
    /// The receiver's port.
    @inlinable public var destinationPort: Port { Port(bytes.uint16(at: 2)) }
    /// The number of the first byte of data, or of the SYN.
    @inlinable public var sequence: SequenceNumber { SequenceNumber(bytes.uint32(at: 4)) }
    /// The number of the next byte that the sender expects; means nothing without the ACK flag.
    @inlinable public var acknowledgment: SequenceNumber { SequenceNumber(bytes.uint32(at: 8)) }
    /// The header's length in bytes as the data offset says, 0 to 60; below 20 it is malformed.
    @inlinable public var headerLength: Int { Int(bytes.uint8(at: 12) >> 4) &* 4 }
    /// All flags as they were sent.
    @inlinable public var flags: TCPFlags { TCPFlags(rawValue: bytes.uint16(at: 12) & 0x0fff) }
    /// The window field as sent, not scaled (RFC 7323 section 2).
    @inlinable public var window: UInt16 { bytes.uint16(at: 14) }
    /// As it was sent, right or wrong.
    @inlinable public var checksum: UInt16 { bytes.uint16(at: 16) }
    /// Where urgent data ends, counted from the sequence number; means nothing without the URG flag.
    @inlinable public var urgentPointer: UInt16 { bytes.uint16(at: 18) }

    /// The options, as far as they are there.
    @inlinable
    public var options: TCPOptions {
        @_lifetime(copy self) get {
            let end = max(Self.minimumLength, min(headerLength, bytes.byteCount))
            return TCPOptions(bytes.extracting(Self.minimumLength..<end))
        }
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.tcp, required: minimumLength, &layers) }
        let start = cursor.start
        let headerLength = Int(record.uint8(at: start &+ 12) >> 4) &* 4
        guard headerLength >= minimumLength else {
            return cursor.malformed(.tcp, .headerLength, at: 12, shown: minimumLength, &layers)
        }
        guard cursor.has(headerLength) else { return cursor.cut(.tcp, required: headerLength, &layers) }
        // Two times "no operation" and time stamps are what most segments have (RFC 7323 appendix A), and whole.
        if headerLength > minimumLength, !cursor.isQuoted,
            headerLength != 32 || record.uint32(at: start &+ minimumLength) != 0x0101_080a,
            let broken = TCPOptionList.firstBroken(record.extracting(start..<start &+ headerLength))
        {
            return cursor.malformed(.tcp, .optionLength, at: broken, shown: headerLength, &layers)
        }
        cursor.add(.tcp, header: headerLength, to: &layers)
        if cursor.available == 0 { return .data }
        // What comes with a reset says in words why the connection was reset (RFC 9293 section 3.5.3).
        if record.uint8(at: start &+ 13) & 0x04 != 0 { return .claimed }
        let (source, destination) = (Port(record.uint16(at: start)), Port(record.uint16(at: start &+ 2)))
        // Who opens a connection says by that which side is the server (data may come with it: RFC 9293 section
        // 3.10.7.2, RFC 7413).
        switch record.uint8(at: start &+ 13) & 0x12 {
        case 0x02: return .server(destination, client: source)
        case 0x12: return .server(source, client: destination)
        default: return .ports(.tcp, source: source, destination: destination)
        }
    }
}
