extension ProtocolDescription {
    static let sunATM = ProtocolDescription(
        .sunATM, "atm", "ATM", role: .link,
        attachments: [
            .linkType(.sunATM)
        ],
        dissect: RareLink.dissectSunATM)
}
