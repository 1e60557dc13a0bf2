/// Cisco's ISL: 26 bytes around an Ethernet frame, recognized by its destination address.
enum InterSwitchLinkHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(26) else { return cursor.cut(.interSwitchLink, required: 26, &layers) }
        let kind = record.uint8(at: cursor.start &+ 5) >> 4
        let length = Int(record.uint16(at: cursor.start &+ 12))
        if length > 0 { cursor.claim(14 &+ length) }
        guard cursor.has(26) else { return cursor.cut(.interSwitchLink, required: 26, &layers) }
        cursor.add(.interSwitchLink, header: 26, to: &layers)
        switch kind {
        case 0:
            cursor.checkLength = 4
            return .linkType(.ethernet)
        case 1: return .linkType(.tokenRing)
        default: return .data
        }
    }
}

extension ProtocolDescription {
    static let interSwitchLink = ProtocolDescription(
        .interSwitchLink, "isl", "Cisco ISL", role: .link,
        attachments: [
            .frame(.interSwitchLink)
        ],
        dissect: InterSwitchLinkHeader.dissect)
}
