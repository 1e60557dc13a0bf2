extension ProtocolDescription {
    static let pppoe = ProtocolDescription(
        .pppoe, "pppoes", "PPP-over-Ethernet Session", role: .link,
        attachments: [
            .etherType(.pppoeSession),
            .linkType(.pppoe),
        ],
        dissect: PPPoEFrame.dissect,
        fields: PPPoEFields.session.fields)
}
