import Addressing

/// The common header of an SCTP packet, read in place (RFC 9260 section 3.1); the chunks behind it stay data.
///
///     +-------------------------------+-------------------------------+
///     |          Source port          |        Destination port       |
///     +-------------------------------+-------------------------------+
///     |                        Verification tag                       |
///     +---------------------------------------------------------------+
///     |                       Checksum (CRC32c)                       |
///     +---------------------------------------------------------------+
public struct SCTPHeader: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 12

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .sctp)
        self.bytes = bytes
    }

    /// The sender's port.
    @inlinable public var sourcePort: Port { Port(bytes.uint16(at: 0)) }
    /// The receiver's port.
    @inlinable public var destinationPort: Port { Port(bytes.uint16(at: 2)) }
    /// Ties the packet to its association (RFC 9260 section 3.1).
    @inlinable public var verificationTag: UInt32 { bytes.uint32(at: 4) }
    /// As it was sent, right or wrong.
    @inlinable public var checksum: UInt32 { bytes.uint32(at: 8) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.sctp, required: length, &layers) }
        cursor.add(.sctp, header: length, to: &layers)
        return .data
    }
}

/// The values of an SCTP common header, owned.
public struct SCTPValues: Hashable, Sendable {
    /// The sender's port.
    public var sourcePort: Port
    /// The receiver's port.
    public var destinationPort: Port
    /// Ties the packet to its association (RFC 9260 section 3.1).
    public var verificationTag: UInt32
    /// As it was sent, right or wrong.
    public var checksum: UInt32

    /// - Parameter checksum: the CRC-32C over header and chunks (RFC 9260 section 6.8); nothing computes it here.
    public init(sourcePort: Port, destinationPort: Port, verificationTag: UInt32, checksum: UInt32) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
        self.checksum = checksum
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing SCTPHeader) {
        self.init(
            sourcePort: header.sourcePort, destinationPort: header.destinationPort,
            verificationTag: header.verificationTag,
            checksum: header.checksum)
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: sourcePort.rawValue)
        bytes.append(uint16: destinationPort.rawValue)
        bytes.append(uint32: verificationTag)
        bytes.append(uint32: checksum)
        return bytes
    }
}
