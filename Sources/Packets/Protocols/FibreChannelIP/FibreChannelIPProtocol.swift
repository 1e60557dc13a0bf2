extension ProtocolDescription {
    static let fibreChannelIP = ProtocolDescription(
        .fibreChannelIP, "ipfc", "IP Over FC", role: .link,
        attachments: [
            .linkType(.ipOverFibreChannel)
        ],
        dissect: RareLink.dissectFibreChannel)
}
