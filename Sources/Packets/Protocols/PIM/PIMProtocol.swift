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
