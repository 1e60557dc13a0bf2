/// An extension header of IPv6 that says what follows it and how long it is, read in place (RFC 8200 section 4; RFC
/// 6564): hop-by-hop and destination options, routing, and in the same layout mobility (RFC 6275), HIP (RFC 7401) and
/// shim6 (RFC 5533).
///
///     +---------------+---------------+-------------------------------+
///     |  Next header  | Header length |  options, addresses …         |
///     +---------------+---------------+-------------------------------+
///
/// The length counts units of eight bytes after the first eight.
public struct IPv6ExtensionHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .ipv6Destination)
        self.bytes = bytes
    }

    /// The type of the next header (RFC 8200 section 4).
    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 0)) }
    /// In bytes.
    @inlinable public var length: Int { 8 &+ 8 &* Int(bytes.uint8(at: 1)) }

    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], as kind: LayerKind
    ) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(kind, required: minimumLength, &layers) }
        let start = cursor.start
        let length = 8 &+ 8 &* Int(record.uint8(at: start &+ 1))
        guard cursor.has(length) else { return cursor.cut(kind, required: length, &layers) }
        let isWhole =
            switch kind {
            case .ipv6HopByHop, .ipv6Destination: optionsFit(record, start &+ 2, start &+ length, packetEnd: cursor.end)
            // Segment routing (RFC 8754 section 2): the last entry's index says how many addresses there are.
            // Mobile IPv6 (RFC 6275 section 6.4): one address.
            case .ipv6Routing:
                switch record.uint8(at: start &+ 2) {
                case 2: length >= 24
                case 3: length == minimumLength || sourceRouteFits(record, start, length)
                case 4: 8 &+ 16 &* (Int(record.uint8(at: start &+ 4)) &+ 1) <= length
                default: true
                }
            default: true
            }
        guard isWhole || cursor.isQuoted else {
            return cursor.malformed(kind, .headerLength, at: 2, shown: length, &layers)
        }
        // A payload length of 0 and no jumbo option: the packet has nothing but this header.
        let isEmpty =
            kind == .ipv6HopByHop && layers.last?.kind == .ipv6 && record.uint16(at: start &- 36) == 0
            && !hasJumboPayload(record, start &+ 2, start &+ length)
        cursor.add(kind, header: length, to: &layers)
        if isEmpty { return .data }
        if kind == .shim6, !isKnownShim6(record.uint8(at: start &+ 2), length: length) { return .data }
        if kind == .mobility { return .data }  // it announces what follows, but nothing does (RFC 6275 section 6.1.1)
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start)))
    }
}

extension IPv6ExtensionHeader {
    /// Whether a shim6 header can be followed (RFC 5533 section 5): the payload header, whose first bit is set, and the
    /// control messages that are defined, where they have room for their contents.
    private static func isKnownShim6(_ type: UInt8, length: Int) -> Bool {
        if type & 0x80 != 0 { return true }
        if length > minimumLength { return 1...6 ~= type || 64...67 ~= type }
        return type != 3 && type != 6 && type != 67
    }

    /// Whether the addresses of RPL's source route (RFC 6554 section 3) end within the header: all but the last are
    /// shortened alike, the last has a number of its own.
    private static func sourceRouteFits(_ record: RawSpan, _ start: Int, _ length: Int) -> Bool {
        let shortened = record.uint8(at: start &+ 4)
        let size = 16 &- Int(shortened >> 4)
        let lastSize = 16 &- Int(shortened & 15)
        let addresses = (length &- 8 &- Int(record.uint8(at: start &+ 5) >> 4) &- lastSize) / size &+ 1
        return addresses <= 0 || (addresses &- 1) &* size &+ lastSize <= length &- 8
    }

    private static let jumboPayload: UInt8 = 0xc2

    /// Whether every option (RFC 8200 section 4.2: type, length, value; type 0 is one byte alone) ends within the
    /// packet. That it ends within the header is not asked: what follows begins where the header's length says.
    private static func optionsFit(_ record: RawSpan, _ start: Int, _ end: Int, packetEnd: Int) -> Bool {
        var position = start
        while position < end {
            let type = record.uint8(at: position)
            if type == 0 {
                position &+= 1
                continue
            }
            guard position &+ 1 < packetEnd else { return false }
            let length = IPv6OptionSize.contents(
                of: type, length: Int(record.uint8(at: position &+ 1)), record, position &+ 2, packetEnd)
            guard position &+ 2 &+ length <= packetEnd else { return false }
            position &+= 2 &+ length
        }
        return true
    }

    /// Whether the options say how long a jumbogram is (RFC 2675 section 2): more than 65,535 bytes.
    private static func hasJumboPayload(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        var position = start
        while position &+ 6 <= end {
            let type = record.uint8(at: position)
            if type == jumboPayload {
                return record.uint8(at: position &+ 1) == 4 && record.uint32(at: position &+ 2) > 0xffff
            }
            position &+= type == 0 ? 1 : 2 &+ Int(record.uint8(at: position &+ 1))
        }
        return false
    }
}

/// The values of an extension header, owned.
public struct IPv6Extension: Hashable, Sendable {
    /// The type of the next header (RFC 8200 section 4).
    public var nextHeader: IPProtocol
    /// What follows the two first bytes; filled up with zeros to a multiple of eight.
    public var content: [UInt8]

    /// A header of as many bytes as the content needs.
    public init(nextHeader: IPProtocol, content: [UInt8]) {
        self.nextHeader = nextHeader
        self.content = content
    }

    /// Copies the values of a header that was read.
    public init(_ header: borrowing IPv6ExtensionHeader) {
        nextHeader = header.nextHeader
        content = (2..<max(2, min(header.length, header.bytes.byteCount))).map { header.bytes.uint8(at: $0) }
    }

    /// The bytes as they are sent.
    public func encoded() -> [UInt8] {
        var bytes = [nextHeader.rawValue, 0] + content.prefix(2046)
        while bytes.count % 8 != 0 { bytes.append(0) }
        bytes[1] = UInt8(truncatingIfNeeded: bytes.count / 8 - 1)
        return bytes
    }
}
