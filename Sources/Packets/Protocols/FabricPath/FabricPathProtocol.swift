extension ProtocolDescription {
    static let fabricPath = ProtocolDescription(
        .fabricPath, "cfp", "Cisco FabricPath", role: .link,
        attachments: [
            .frame(.fabricPath)
        ],
        dissect: RareLink.dissectFabricPath)
}
