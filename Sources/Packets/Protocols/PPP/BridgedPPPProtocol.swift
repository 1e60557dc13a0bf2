extension ProtocolDescription {
    static let bridgedPPP = ProtocolDescription(
        .bridgedPPP, "bcp_bpdu", "PPP Bridging Control Protocol Bridged PDU", role: .link,
        attachments: [
            .pppProtocol(0x0031)
        ],
        traits: [.claimsRest],
        dissect: PPPFrame.dissectBridged)
}
