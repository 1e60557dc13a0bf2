extension ProtocolDescription {
    static let etherIP = ProtocolDescription(
        .etherIP, "etherip", "Ethernet over IP", role: .tunnel,
        attachments: [
            .ipProtocol(.etherIP)
        ],
        dissect: EtherIPHeader.dissect,
        fields: [
            .at(0, "etherip.ver", .unsigned(bits: 4), "Version", mask: 0xf0)
        ])
}
