extension ProtocolDescription {
    static let arcnet = ProtocolDescription(
        .arcnet, "arcnet", "ARCNET", role: .link,
        attachments: [
            .linkType(.arcnet),
            .linkType(.arcnetLinux, via: { ARCNETFrame.dissect($0, &$1, &$2, hasOffset: true) }),
        ],
        dissect: { ARCNETFrame.dissect($0, &$1, &$2, hasOffset: false) },
        fields: [
            .at(0, "arcnet.src", .hex(bits: 8), "Source"),
            .at(1, "arcnet.dst", .hex(bits: 8), "Destination"),
        ])
}
