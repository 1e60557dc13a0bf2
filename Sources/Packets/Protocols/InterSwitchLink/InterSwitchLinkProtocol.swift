extension ProtocolDescription {
    static let interSwitchLink = ProtocolDescription(
        .interSwitchLink, "isl", "Cisco ISL", role: .link,
        attachments: [
            .frame(.interSwitchLink)
        ],
        dissect: RareLink.dissectInterSwitchLink)
}
