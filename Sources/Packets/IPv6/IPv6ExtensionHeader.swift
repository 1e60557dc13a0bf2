/// An extension header of IPv6 that says what follows it and how long it is, read in place (RFC 8200 section 4; RFC 6564):
/// hop-by-hop and destination options, routing, and in the same layout mobility (RFC 6275), HIP (RFC 7401) and shim6
/// (RFC 5533).
///
///     +---------------+---------------+-------------------------------+
///     |  Next header  | Header length |  options, addresses …         |
///     +---------------+---------------+-------------------------------+
///
/// The length counts units of eight bytes after the first eight.
public struct IPv6ExtensionHeader: HeaderView, ~Escapable {
    public static let minimumLength = 8

    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= Self.minimumLength else {
            throw LengthError(required: Self.minimumLength, available: bytes.byteCount, layer: .ipv6Destination)
        }
        self.bytes = bytes
    }

    @inlinable public var nextHeader: IPProtocol { IPProtocol(rawValue: bytes.uint8(at: 0)) }
    /// In bytes.
    @inlinable public var length: Int { 8 &+ 8 &* Int(bytes.uint8(at: 1)) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], as kind: LayerKind) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(kind, required: minimumLength, &layers) }
        let start = cursor.start
        let length = 8 &+ 8 &* Int(record.uint8(at: start &+ 1))
        guard cursor.has(length) else { return cursor.cut(kind, required: length, &layers) }
        let isWhole = switch kind {
        case .ipv6HopByHop, .ipv6Destination: optionsFit(record, start &+ 2, start &+ length)
        // Segment routing (RFC 8754 section 2): the last entry's index says how many addresses there are.
        case .ipv6Routing: record.uint8(at: start &+ 2) != 4 || 8 &+ 16 &* (Int(record.uint8(at: start &+ 4)) &+ 1) <= length
        default: true
        }
        guard isWhole else { return cursor.malformed(kind, .headerLength, at: 2, shown: length, &layers) }
        cursor.add(kind, header: length, to: &layers)
        if kind == .mobility { return .data } // it announces what follows, but nothing does (RFC 6275 section 6.1.1)
        return .ipProtocol(IPProtocol(rawValue: record.uint8(at: start)))
    }
}

extension IPv6ExtensionHeader {
    /// Whether every option ends within the header (RFC 8200 section 4.2): type, length, value; type 0 is one byte alone.
    private static func optionsFit(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        var position = start
        while position < end {
            if record.uint8(at: position) == 0 {
                position &+= 1
                continue
            }
            guard position &+ 1 < end else { return false }
            position &+= 2 &+ Int(record.uint8(at: position &+ 1))
        }
        return position == end
    }
}

/// The values of an extension header, owned.
public struct IPv6Extension: Hashable, Sendable {
    public var nextHeader: IPProtocol
    /// What follows the two first bytes; filled up with zeros to a multiple of eight.
    public var content: [UInt8]

    public init(nextHeader: IPProtocol, content: [UInt8]) {
        self.nextHeader = nextHeader
        self.content = content
    }

    public init(_ header: borrowing IPv6ExtensionHeader) {
        nextHeader = header.nextHeader
        content = (2..<max(2, min(header.length, header.bytes.byteCount))).map { header.bytes.uint8(at: $0) }
    }

    public func encoded() -> [UInt8] {
        var bytes = [nextHeader.rawValue, 0] + content.prefix(2046)
        while bytes.count % 8 != 0 { bytes.append(0) }
        bytes[1] = UInt8(truncatingIfNeeded: bytes.count / 8 - 1)
        return bytes
    }
}
