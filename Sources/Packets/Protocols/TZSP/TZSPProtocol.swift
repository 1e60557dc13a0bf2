extension ProtocolDescription {
    static let tzsp = ProtocolDescription(
        .tzsp, "tzsp", "Tazmen Sniffer Protocol", role: .link,
        attachments: [
            .linkType(.tzsp),
            .udpPort(37008),
        ],
        dissect: RareLink.dissectTZSP)
}
