extension ProtocolDescription {
    static let infiniBandIP = ProtocolDescription(
        .infiniBandIP, "ipoib", "IP over Infiniband", role: .link,
        attachments: [
            .linkType(.ipOverInfiniBand)
        ],
        dissect: RareLink.dissectInfiniBand)
}
