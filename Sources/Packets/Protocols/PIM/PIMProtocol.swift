/// A PIM message (RFC 7761 section 4.9): only Register, type 1, carries a packet, behind eight bytes.
enum PIMMessage {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.pim, required: 4, &layers) }
        let first = record.uint8(at: cursor.start)
        guard first == 0x21 else {
            cursor.add(.pim, header: 4, to: &layers)
            return .data
        }
        guard cursor.has(8) else { return cursor.cut(.pim, required: 8, &layers) }
        cursor.add(.pim, header: 8, to: &layers)
        return .packet(record, cursor)
    }
}

extension ProtocolDescription {
    static let pim = ProtocolDescription(
        .pim, "pim", "Protocol Independent Multicast", role: .network,
        attachments: [
            .ipProtocol(.pim)
        ],
        dissect: PIMMessage.dissect,
        fields: [
            .at(0, "pim.version", .unsigned(bits: 4), "Version", mask: 0xf0),
            .at(0, "pim.type", .unsigned(bits: 4), "Type", mask: 0x0f),
        ])
}

extension IPProtocol {
    /// Protocol Independent Multicast (RFC 7761).
    public static let pim = IPProtocol(rawValue: 103)
}
