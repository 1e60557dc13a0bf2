/// An AX.25 frame of amateur packet radio (AX.25 Link Access Protocol 2.2, section 3).
///
///     +-----------------+-----------------+---------------------+---------+----------+
///     | Destination (7) |   Source (7)    | Repeaters (7 each)  | Control | Protocol |
///     +-----------------+-----------------+---------------------+---------+----------+
///
/// A call sign of six characters, each shifted left by one, and a byte whose lowest bit is set in the last address.
/// Only information frames and unnumbered ones have a protocol, and what it names.
enum AX25Frame {
    private static let addressLength = 7
    private static let maximumAddresses = 10
    private static let unnumberedInformation: UInt8 = 0x03

    /// Behind a byte of KISS, which says what the terminal node controller is to do (LINKTYPE_AX25_KISS).
    static func dissectKISS(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        cursor.skip(1)
        return dissect(record, &cursor, &layers)
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        let start = cursor.start
        var length = 2 &* addressLength
        guard cursor.has(length &+ 1) else { return cursor.cut(.ax25, required: length &+ 1, &layers) }
        while record.uint8(at: start &+ length &- 1) & 1 == 0, length < maximumAddresses &* addressLength {
            length &+= addressLength
            guard cursor.has(length &+ 1) else { return cursor.cut(.ax25, required: length &+ 1, &layers) }
        }
        let control = record.uint8(at: start &+ length)
        guard control & 1 == 0 || control == unnumberedInformation else {
            cursor.add(.ax25, header: length &+ 1, to: &layers)
            return .data
        }
        guard cursor.has(length &+ 2) else { return cursor.cut(.ax25, required: length &+ 2, &layers) }
        let number = record.uint8(at: start &+ length &+ 1)
        cursor.add(.ax25, header: length &+ 2, to: &layers)
        switch number {
        case 0xcc: return .linkType(.ipv4)
        case 0xcd: return .etherType(.arp)
        default: return .stop(.unsupported(after: .ax25, number: UInt32(number)))
        }
    }
}
