/// The per-packet information header (LINKTYPE_PPI), little endian: what the radio or the tap knew about a frame.
///
///     +---------+-------+-------------+------------------+----------------------+
///     | Version | Flags | Length (2)  | Link type (4)    | fields: type, length |
///     +---------+-------+-------------+------------------+----------------------+
///
/// The length counts the whole header; what follows is a frame of the link type.
enum PPIHeader {
    static let minimumLength = 8

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.ppi, required: minimumLength, &layers) }
        let start = cursor.start
        let length = max(minimumLength, Int(record.littleEndianUInt16(at: start &+ 2)))
        guard cursor.has(length) else { return cursor.cut(.ppi, required: length, &layers) }
        let type = LinkType(rawValue: record.littleEndianUInt32(at: start &+ 4))
        guard let hasChecksum = checksumFlag(record, start &+ minimumLength, start &+ length) else {
            return cursor.malformed(.ppi, .headerLength, at: minimumLength, shown: length, &layers)
        }
        cursor.add(.ppi, header: length, to: &layers)
        if type == .ieee80211, hasChecksum { cursor.dropTrailer(4) }
        return .linkType(type)
    }

    /// Field 2, "802.11-common", has its flags behind an eight-byte time stamp; bit 0 says that the frame ends with its
    /// checksum. nil where a field does not end within the header.
    private static func checksumFlag(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool? {
        var position = start
        var hasChecksum = false
        while position &+ 4 <= end {
            let length = Int(record.littleEndianUInt16(at: position &+ 2))
            guard position &+ 4 &+ length <= end else { return nil }
            if record.littleEndianUInt16(at: position) == 2, length >= 10 {
                hasChecksum = record.littleEndianUInt16(at: position &+ 12) & 1 == 1
            }
            position &+= 4 &+ length
        }
        return hasChecksum
    }
}
