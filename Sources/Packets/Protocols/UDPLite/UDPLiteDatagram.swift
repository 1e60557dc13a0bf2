import Addressing

/// A UDP-Lite datagram, read in place (RFC 3828 section 3.1): UDP whose third word says how many bytes its checksum
/// covers.
///
///     +--------+--------+--------+--------+
///     |   Source port   | Destination port|
///     +--------+--------+--------+--------+
///     |    Coverage     |    Checksum     |
///     +--------+--------+--------+--------+
///
/// A coverage of 0 means all of it; 1 to 7 is illegal. The length is what IP says.
public struct UDPLiteDatagram: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .udplite)
        self.bytes = bytes
    }

    /// The sender's port.
    @inlinable public var sourcePort: Port { Port(bytes.uint16(at: 0)) }
    /// The receiver's port.
    @inlinable public var destinationPort: Port { Port(bytes.uint16(at: 2)) }
    /// Bytes that the checksum covers, from the header's first; 0 means all.
    @inlinable public var coverage: UInt16 { bytes.uint16(at: 4) }
    /// As it was sent, right or wrong.
    @inlinable public var checksum: UInt16 { bytes.uint16(at: 6) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.udplite, required: headerLength, &layers) }
        let start = cursor.start
        cursor.add(.udplite, header: headerLength, to: &layers)
        if cursor.available == 0 { return .data }
        return .ports(.udp, source: Port(record.uint16(at: start)), destination: Port(record.uint16(at: start &+ 2)))
    }
}
