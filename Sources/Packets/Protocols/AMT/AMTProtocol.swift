/// Automatic multicast tunneling (RFC 7450 section 5.1): queries and updates of membership carry an IGMP or MLD
/// packet behind twelve bytes, type 6 a multicast packet behind two.
enum AMTMessage {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(2) else { return cursor.cut(.amt, required: 2, &layers) }
        let length: Int
        switch record.uint8(at: cursor.start) & 15 {
        case 4, 5: length = 12
        case 6: length = 2
        default:
            cursor.add(.amt, header: 2, to: &layers)
            return .data
        }
        guard cursor.has(length) else { return cursor.cut(.amt, required: length, &layers) }
        cursor.add(.amt, header: length, to: &layers)
        return .packet(record, cursor)
    }
}

extension ProtocolDescription {
    static let amt = ProtocolDescription(
        .amt, "amt", "Automatic Multicast Tunneling", role: .tunnel,
        attachments: [
            .udpPort(2268)
        ],
        traits: [.claimsRest],
        dissect: AMTMessage.dissect)
}
