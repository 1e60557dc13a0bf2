/// What Linux's netfilter log hands out, read in place (LINKTYPE_NFLOG): a header and attributes, one of them the packet.
///
///     +----------+---------+------------------+     +------------+----------+-------------------+
///     |  Family  | Version | Resource ID (2)  |     | Length (2) | Type (2) | value, padded …   |
///     +----------+---------+------------------+     +------------+----------+-------------------+
///
/// Lengths and types are in the byte order of the machine that captured; the padding fills up to four bytes.
public struct NFLogRecord: HeaderView, ~Escapable {
    public static let length = 4
    private static let payload: UInt16 = 9

    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        guard bytes.byteCount >= Self.length else {
            throw LengthError(required: Self.length, available: bytes.byteCount, layer: .nflog)
        }
        self.bytes = bytes
    }

    /// Linux's address family: 2 is IPv4, 10 IPv6.
    @inlinable public var family: UInt8 { bytes.uint8(at: 0) }
    @inlinable public var version: UInt8 { bytes.uint8(at: 1) }
    /// The group that the rule logged to.
    @inlinable public var resource: UInt16 { bytes.uint16(at: 2) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.nflog, required: length, &layers) }
        let start = cursor.start
        let family = record.uint8(at: start)
        let swapped = isBigEndian(record, start &+ length, cursor.end)
        var position = start &+ length
        while position &+ 4 <= cursor.end {
            let size = Int(swapped ? record.uint16(at: position) : record.littleEndianUInt16(at: position))
            let type = swapped ? record.uint16(at: position &+ 2) : record.littleEndianUInt16(at: position &+ 2)
            guard size >= 4 else { return cursor.malformed(.nflog, .headerLength, at: position &- start, shown: length, &layers) }
            if type == payload {
                cursor.add(.nflog, header: position &+ 4 &- start, to: &layers)
                cursor.limit(toLength: size &- 4)
                return family == 2 ? .etherType(.ipv4) : family == 10 ? .etherType(.ipv6) : .stop(.unsupported(after: .nflog, number: UInt32(family)))
            }
            position &+= (size &+ 3) & ~3
        }
        cursor.add(.nflog, header: min(position, cursor.end) &- start, to: &layers)
        return .data
    }

    /// The byte order in which the attributes' lengths fill the record exactly.
    private static func isBigEndian(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        for big in [false, true] {
            var position = start
            while position &+ 4 <= end {
                let size = Int(big ? record.uint16(at: position) : record.littleEndianUInt16(at: position))
                if size < 4 || position &+ size > end { break }
                position &+= (size &+ 3) & ~3
                if position >= end { return big }
            }
        }
        return false
    }
}
