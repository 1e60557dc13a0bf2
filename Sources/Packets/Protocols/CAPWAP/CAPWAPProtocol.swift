extension ProtocolDescription {
    static let capwap = ProtocolDescription(
        .capwap, "capwap.data", "Control And Provisioning of Wireless Access Points - Data", role: .tunnel,
        attachments: [
            .udpPort(5247)
        ],
        traits: [.claimsRest],
        dissect: CAPWAPHeader.dissect)
}
