extension ProtocolDescription {
    static let ayiya = ProtocolDescription(
        .ayiya, "ayiya", "Anything in Anything", role: .tunnel,
        attachments: [
            .udpPort(5072)
        ],
        traits: [.claimsRest],
        dissect: AYIYAHeader.dissect)
}
