/// The radio's side of an 802.11 capture, read in place (radiotap.org; LINKTYPE_IEEE802_11_RADIOTAP), little endian.
///
///     +---------+-----+-------------+-----------------------+----------------------------+
///     | Version | Pad | Length (2)  | Present, one bit each | fields, each aligned …     |
///     +---------+-----+-------------+-----------------------+----------------------------+
///
/// Of the fields only the flags matter here: whether the frame ends with its checksum, and whether the card put padding
/// between the 802.11 header and the data.
public struct RadiotapHeader: HeaderView, ~Escapable {
    /// Bytes of the header's fixed part.
    public static let minimumLength = 8
    static let checksumFlag: UInt8 = 0x10
    static let paddingFlag: UInt8 = 0x20

    /// The header and what it carries, as the layer below ends them.
    public let bytes: RawSpan

    /// Opens the header.
    /// - Throws: `LengthError` where its fixed part is not there in full.
    @inlinable
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) throws(LengthError) {
        try LengthError.check(bytes, has: Self.minimumLength, for: .radiotap)
        self.bytes = bytes
    }

    /// The version of the format.
    @inlinable public var version: UInt8 { bytes.uint8(at: 0) }
    /// Bytes of the header with all its fields.
    @inlinable public var length: UInt16 { bytes.littleEndianUInt16(at: 2) }
    /// Which fields follow, a bit each.
    @inlinable public var present: UInt32 { bytes.littleEndianUInt32(at: 4) }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.radiotap, required: minimumLength, &layers) }
        let start = cursor.start
        let length = Int(record.littleEndianUInt16(at: start &+ 2))
        guard length >= minimumLength else {
            return cursor.malformed(.radiotap, .headerLength, at: 2, shown: minimumLength, &layers)
        }
        guard cursor.has(length) else { return cursor.cut(.radiotap, required: length, &layers) }
        // Of later versions only the length is known.
        let flags = record.uint8(at: start) == 0 ? flags(record, start, start &+ length) : 0
        cursor.add(.radiotap, header: length, to: &layers)
        cursor.checkLength = flags & checksumFlag != 0 ? 4 : 0
        cursor.isPadded = flags & paddingFlag != 0
        return .linkType(.ieee80211)
    }

    /// The flags field: behind the words of present bits, and behind the time stamp if there is one (aligned to 8).
    private static func flags(_ record: RawSpan, _ start: Int, _ end: Int) -> UInt8 {
        let present = record.littleEndianUInt32(at: start &+ 4)
        guard present & 2 != 0 else { return 0 }
        var position = start &+ 4
        while position &+ 4 <= end, record.littleEndianUInt32(at: position) & 0x8000_0000 != 0 { position &+= 4 }
        position &+= 4
        if present & 1 != 0 { position = start &+ ((position &- start &+ 7) & ~7) &+ 8 }
        return position < end ? record.uint8(at: position) : 0
    }
}
