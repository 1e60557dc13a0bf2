/// An Ethernet frame with what comes before it on the wire (LINKTYPE_ETHERNET_MPACKET; IEEE 802.3br section 99.3):
/// up to seven bytes of preamble, the first perhaps in part, and the delimiter of an express frame. Its checksum is
/// at its end. Frames that give way to others come in pieces, which stay data.
enum ExpressFrameStart {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        var length = 0
        if cursor.has(1), record.uint8(at: cursor.start) == 0x50 { length = 1 }
        while cursor.has(length &+ 3), record.uint8(at: cursor.start &+ length) == 0x55 { length &+= 1 }
        guard cursor.has(length &+ 1) else { return cursor.cut(.expressFrame, required: length &+ 1, &layers) }
        let delimiter = record.uint8(at: cursor.start &+ length)
        switch delimiter {
        case 0xd5:
            cursor.add(.expressFrame, header: length &+ 1, to: &layers)
        case 0xe6, 0x4c, 0x7f, 0xb3, 0x61, 0x52, 0x9e, 0x2a, 0x07, 0x19:  // pieces, verification and its answer
            cursor.add(.expressFrame, header: length &+ 1, to: &layers)
            return .stop(.unsupported(after: .expressFrame, number: UInt32(delimiter)))
        default: return .linkType(.ethernet)  // nothing of this is there
        }
        cursor.checkLength = 4
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let expressFrame = ProtocolDescription(
        .expressFrame, "fpp", "IEEE 802.3br Frame Preemption Protocol", role: .link,
        attachments: [
            .linkType(.ethernetMPacket)
        ],
        dissect: ExpressFrameStart.dissect)
}

extension LinkType {
    /// Ethernet with its preamble, as frame preemption needs it (LINKTYPE_ETHERNET_MPACKET).
    public static let ethernetMPacket = LinkType(rawValue: 274)
}
