import Addressing

/// A UDP datagram, read in place (RFC 768).
///
///      0      7 8     15 16    23 24    31
///     +--------+--------+--------+--------+
///     |     Source      |   Destination   |
///     |      Port       |      Port       |
///     +--------+--------+--------+--------+
///     |     Length      |    Checksum     |
///     +--------+--------+--------+--------+
///
/// The length counts header and payload. 0 means "to the end of the IP packet" in jumbograms (RFC 2675 section 4).
public struct UDPDatagram: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let headerLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.headerLength, for: .udp)
        self.bytes = bytes
    }

    /// The sender's port.
    @inlinable public var sourcePort: Port { Port(bytes.uint16(at: 0)) }
    /// The receiver's port.
    @inlinable public var destinationPort: Port { Port(bytes.uint16(at: 2)) }
    /// Header and payload, in bytes, as the header says.
    @inlinable public var length: UInt16 { bytes.uint16(at: 4) }
    /// 0 over IPv4 means that the sender computed none.
    @inlinable public var checksum: UInt16 { bytes.uint16(at: 6) }

    /// Whether the length field says more than the IP packet has: nobody knows then where the payload ends, and no
    /// checksum can be checked. What is there is read all the same.
    public static func claimsTooMuch(_ layer: LayerRange, in record: RawSpan) -> Bool {
        guard layer.kind == .udp, !layer.isPartOfDatagram, layer.header.count >= 6,
            layer.header.upperBound <= record.byteCount
        else { return false }
        return Int(record.uint16(at: Int(layer.start) &+ 4)) > Int(layer.claimedEnd &- layer.start)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(headerLength) else { return cursor.cut(.udp, required: headerLength, &layers) }
        let start = cursor.start
        let length = Int(record.uint16(at: start &+ 4))
        guard length == 0 || length >= headerLength else {
            return cursor.malformed(.udp, .totalLength, at: 4, shown: 6, &layers)
        }
        if length >= headerLength { cursor.limit(toLength: length) }
        cursor.add(.udp, header: headerLength, to: &layers)
        // IPv4 has no jumbograms (RFC 2675 section 4): nobody knows where the payload ends.
        if length == 0, cursor.isOverIPv4 { return .stop(.malformed(.udp, .totalLength, offset: start &+ 4)) }
        if cursor.available == 0 { return .data }
        return .ports(.udp, source: Port(record.uint16(at: start)), destination: Port(record.uint16(at: start &+ 2)))
    }
}

/// The values of a UDP header, owned.
public struct UDPHeader: Hashable, Sendable {
    /// The sender's port.
    public var sourcePort: Port
    /// The receiver's port.
    public var destinationPort: Port
    /// Header and payload, in bytes.
    public var length: UInt16
    /// As it was sent, right or wrong.
    public var checksum: UInt16

    /// - Parameter checksum: 0 means none, which IPv4 allows and IPv6 does not (RFC 8200 section 8.1).
    public init(sourcePort: Port, destinationPort: Port, length: UInt16, checksum: UInt16 = 0) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.length = length
        self.checksum = checksum
    }

    /// Copies the values of a header that was read.
    public init(_ datagram: borrowing UDPDatagram) {
        self.init(
            sourcePort: datagram.sourcePort, destinationPort: datagram.destinationPort, length: datagram.length,
            checksum: datagram.checksum)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: sourcePort.rawValue)
        bytes.append(uint16: destinationPort.rawValue)
        bytes.append(uint16: length)
        bytes.append(uint16: checksum)
        return bytes
    }
}
