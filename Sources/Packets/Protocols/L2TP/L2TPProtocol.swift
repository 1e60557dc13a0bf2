extension ProtocolDescription {
    static let l2tp = ProtocolDescription(
        .l2tp, "l2tp", "Layer 2 Tunneling Protocol", role: .tunnel,
        attachments: [
            .udpPort(1701, accepts: { record, cursor, _ in L2TPHeader.isLikely(record, cursor.start, cursor.end) })
        ],
        dissect: L2TPHeader.dissect,
        fields: [
            .at(0, "l2tp.type", .boolean, "Control message", length: 2, mask: 0x8000),
            .at(0, "l2tp.version", .unsigned(bits: 4), "Version", length: 2, mask: 0x000f),
        ])
}
