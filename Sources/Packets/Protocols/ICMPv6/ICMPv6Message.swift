/// An ICMPv6 message, read in place (RFC 4443): the same eight bytes, with numbers of its own. Types below 128 are
/// errors.
public struct ICMPv6Message: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .icmpv6)
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

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.icmpv6, required: minimumLength, &layers) }
        let type = record.uint8(at: cursor.start)
        if let redirected = redirectedHeader(record, cursor, type) {
            cursor.add(.icmpv6, header: redirected.lowerBound, to: &layers)
            cursor.limit(toLength: redirected.count)
            cursor.isQuoted = true
            return .linkType(.ipv6)
        }
        cursor.add(.icmpv6, header: minimumLength, to: &layers)
        guard 1...4 ~= type, cursor.available > 0 else { return .data }
        cursor.isQuoted = true
        return .linkType(.ipv6)
    }

    /// The packet that a neighbour discovery message quotes in an option (RFC 4861 section 4.6.3): redirects do that.
    /// Counted from the message's first byte; nil where there is none.
    private static func redirectedHeader(_ record: RawSpan, _ cursor: LayerCursor, _ type: UInt8) -> Range<Int>? {
        guard var position = NeighbourOptions.start(type) else { return nil }
        while cursor.has(position &+ 2) {
            let length = 8 &* Int(record.uint8(at: cursor.start &+ position &+ 1))
            if length == 0 { return nil }
            if record.uint8(at: cursor.start &+ position) == redirectedHeaderOption, length > 8,
                cursor.has(position &+ 9)
            {
                return position &+ 8..<position &+ length
            }
            position &+= length
        }
        return nil
    }

    private static let redirectedHeaderOption: UInt8 = 4
}
