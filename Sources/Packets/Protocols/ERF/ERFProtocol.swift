extension ProtocolDescription {
    static let erf = ProtocolDescription(
        .erf, "erf", "Extensible Record Format", role: .link,
        attachments: [
            .linkType(.erf)
        ],
        dissect: ERFHeader.dissect,
        fields: [.at(8, "erf.types.type", .unsigned(bits: 7), "Type", mask: 0x7f)])
}
