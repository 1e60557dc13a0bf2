extension ProtocolDescription {
    static let mobileIP = ProtocolDescription(
        .mobileIP, "mip", "Mobile IP", role: .tunnel,
        attachments: [
            .udpPort(434)
        ],
        dissect: MobileIPMessage.dissect,
        fields: [.at(0, "mip.type", .unsigned(bits: 8), "Type")])
}
