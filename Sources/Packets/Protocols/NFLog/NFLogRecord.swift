/// What Linux's netfilter log hands out, read in place (LINKTYPE_NFLOG): a header and attributes, one of them the
/// packet.
///
///     +----------+---------+------------------+     +------------+----------+-------------------+
///     |  Family  | Version | Resource ID (2)  |     | Length (2) | Type (2) | value, padded …   |
///     +----------+---------+------------------+     +------------+----------+-------------------+
///
/// Lengths and types are in the byte order of the machine that captured; the padding fills up to four bytes.
public struct NFLogRecord: HeaderView, ~Escapable {
    /// Bytes of the header.
    public static let length = 4
    private static let packetHeader: UInt16 = 1
    private static let payload: UInt16 = 9

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.length, for: .nflog)
        self.bytes = bytes
    }

    /// Linux's address family: 2 is IPv4, 10 IPv6.
    @inlinable public var family: UInt8 { bytes.uint8(at: 0) }
    /// The version of the format.
    @inlinable public var version: UInt8 { bytes.uint8(at: 1) }
    /// The group that the rule logged to.
    @inlinable public var resource: UInt16 { bytes.uint16(at: 2) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.nflog, required: length, &layers) }
        let start = cursor.start
        let bigEndian = isBigEndian(record, start &+ length, cursor.end)
        var position = start &+ length
        var etherType: EtherType?
        var packet: Range<Int>?
        while position &+ 4 <= cursor.end {
            let size = Int(bigEndian ? record.uint16(at: position) : record.littleEndianUInt16(at: position))
            let type =
                (bigEndian ? record.uint16(at: position &+ 2) : record.littleEndianUInt16(at: position &+ 2)) & 0x7fff
            guard size >= 4 else {
                return cursor.malformed(.nflog, .headerLength, at: position &- start, shown: length, &layers)
            }
            // The packet header attribute begins with the EtherType, in network order.
            if type == packetHeader, size == 8, position &+ 6 <= cursor.end {
                etherType = EtherType(rawValue: record.uint16(at: position &+ 4))
            }
            guard position &+ size <= cursor.end else {
                packet = nil  // an attribute that does not end, or is cut: then none of them counts
                break
            }
            if type == payload { packet = position &+ 4..<position &+ size }
            position &+= (size &+ 3) & ~3
        }
        // The same where more of them follow that were not captured.
        if position <= cursor.end, position &+ 4 > cursor.end, position &+ 4 <= cursor.claimedEnd { packet = nil }
        guard let packet else {
            cursor.add(.nflog, header: min(position, cursor.end) &- start, to: &layers)
            return .data
        }
        let family = record.uint8(at: start)
        cursor.add(.nflog, header: packet.lowerBound &- start, to: &layers)
        cursor.limit(toLength: packet.count)
        if let etherType, etherType.rawValue != 0 { return .etherType(etherType) }
        switch family {
        case 2: return .etherType(.ipv4)
        case 10: return .etherType(.ipv6)
        default: return .stop(.unsupported(after: .nflog, number: UInt32(family)))
        }
    }

    /// The byte order in which the first attribute that is not empty has a type that exists.
    private static func isBigEndian(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        var position = start
        while position &+ 4 < end {
            let size = Int(record.uint16(at: position))
            let type = record.uint16(at: position &+ 2) & 0x7fff
            if size < 4 || type >= 0x100 { return false }
            if type != 0 { return true }
            position &+= (size &+ 3) & ~3
        }
        return false
    }
}
