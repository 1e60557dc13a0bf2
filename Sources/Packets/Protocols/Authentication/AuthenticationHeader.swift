/// The IP authentication header, read in place (RFC 4302 section 2).
///
///     +---------------+---------------+-------------------------------+
///     |  Next header  |    Length     |           Reserved            |
///     +---------------+---------------+-------------------------------+
///     |                Security parameters index (SPI)                |
///     +---------------------------------------------------------------+
///     |            Sequence number, then the check value …            |
///     +---------------------------------------------------------------+
///
/// The length counts words of four bytes, less two. What follows is not encrypted.
public struct AuthenticationHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 12

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .authentication)
        self.bytes = bytes
    }

    /// The type of the next header (RFC 4302 section 2.1).
    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 0)) }
    /// In bytes.
    @inlinable public var length: Int { 4 &* (Int(bytes.uint8(at: 1)) &+ 2) }
    /// Which security association the packet belongs to (RFC 4302 section 2.4).
    @inlinable public var securityParametersIndex: UInt32 { bytes.uint32(at: 4) }
    /// The packet's number within its security association (RFC 4302 section 2.5).
    @inlinable public var sequenceNumber: UInt32 { bytes.uint32(at: 8) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.authentication, required: minimumLength, &layers) }
        let start = cursor.start
        let length = 4 &* (Int(record.uint8(at: start &+ 1)) &+ 2)
        // A length of 0 is wrong (RFC 4302 section 2.2) but says where the next header would begin, so it is followed.
        guard cursor.has(length) else { return cursor.cut(.authentication, required: length, &layers) }
        cursor.add(.authentication, header: length, to: &layers)
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start)))
    }
}
