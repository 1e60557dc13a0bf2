/// The per-packet information header (LINKTYPE_PPI), little endian: what the radio or the tap knew about a frame.
///
///     +---------+-------+-------------+------------------+----------------------+
///     | Version | Flags | Length (2)  | Link type (4)    | fields: type, length |
///     +---------+-------+-------------+------------------+----------------------+
///
/// The length counts the whole header; what follows is a frame of the link type. With flag 0x01 each field is followed
/// by padding to four bytes.
enum PPIHeader {
    static let minimumLength = 8
    private static let alignedFlag: UInt8 = 0x01

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(minimumLength) else { return cursor.cut(.ppi, required: minimumLength, &layers) }
        let start = cursor.start
        let isAligned = record.uint8(at: start &+ 1) & alignedFlag != 0
        let type = LinkType(rawValue: record.littleEndianUInt32(at: start &+ 4))
        var left = Int(record.littleEndianUInt16(at: start &+ 2)) &- minimumLength
        var length = minimumLength
        var hasChecksum = false
        while left > 0 {
            guard cursor.has(length &+ 4) else { return cursor.cut(.ppi, required: length &+ 4, &layers) }
            let field = start &+ length
            let size = 4 &+ Int(record.littleEndianUInt16(at: field &+ 2))
            guard cursor.has(length &+ size) else { return cursor.cut(.ppi, required: length &+ size, &layers) }
            if record.littleEndianUInt16(at: field) == wirelessField, size == 4 &+ wirelessLength {
                hasChecksum = record.littleEndianUInt16(at: field &+ 12) & 1 == 1
            }
            length &+= size
            left &-= size
            if isAligned { length = (length &+ 3) & ~3 }
        }
        guard cursor.has(length) else { return cursor.cut(.ppi, required: length, &layers) }
        cursor.add(.ppi, header: length, to: &layers)
        cursor.checkLength = type == .ieee80211 && hasChecksum ? 4 : 0
        return .linkType(type)
    }

    /// "802.11-common" has its flags behind an eight-byte time stamp; bit 0 says that the frame ends with its checksum.
    private static let wirelessField: UInt16 = 2
    private static let wirelessLength = 20
}
