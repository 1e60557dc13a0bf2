/// The data channel of CAPWAP (RFC 5415 section 4.3), between wireless access points and their controller.
///
///     +-------+-------+---------+---------+---------+-+-+-+-+-+-+-----+
///     |Version| Type  |  HLEN   |   RID   |  WBID   |T|F|L|W|M|K|Flags|
///     +-------+-------+---------+---------+---------+-+-+-+-+-+-+-----+
///     |          Fragment ID          |     Fragment offset     |Rsvd |
///     +-------------------------------+---------------------------+---+
///
/// HLEN counts words. With T the payload is a frame of the binding, 802.11 with its control bytes swapped, else
/// Ethernet.
enum CAPWAPHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.capwap, required: 8, &layers) }
        let start = cursor.start
        let word = record.uint32(at: start)
        guard word >> 24 & 15 != 1 else {  // type 1: encrypted (DTLS)
            cursor.add(.capwap, header: 1, to: &layers)
            return .data
        }
        let length = 4 &* Int(word >> 19 & 0x1f)
        guard cursor.has(length) else { return cursor.cut(.capwap, required: length, &layers) }
        // What is carried begins where the length says, be that inside of this header.
        cursor.append(.capwap, header: max(8, length), to: &layers)
        cursor.skip(length)
        if word & 0x80 != 0 { return .stop(.fragment(.capwap)) }
        if word & 0x08 != 0 { return .data }  // keep-alive
        if word & 0x100 == 0 { return .linkType(.ethernet) }
        switch word >> 9 & 0x1f {
        case 1:
            cursor.isControlSwapped = true
            return .linkType(.ieee80211)
        default: return .data
        }
    }
}
