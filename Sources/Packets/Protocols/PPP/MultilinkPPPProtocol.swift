extension ProtocolDescription {
    static let multilinkPPP = ProtocolDescription(
        .multilinkPPP, "mp", "PPP Multilink Protocol", role: .link,
        attachments: [
            .pppProtocol(0x003d)
        ],
        traits: [.claimsRest],
        dissect: PPPFrame.dissectMultilink)
}
