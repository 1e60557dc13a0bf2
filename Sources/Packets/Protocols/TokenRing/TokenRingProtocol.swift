extension ProtocolDescription {
    static let tokenRing = ProtocolDescription(
        .tokenRing, "tr", "Token-Ring", role: .link,
        attachments: [
            .linkType(.tokenRing)
        ],
        dissect: TokenRingFrame.dissect,
        fields: TokenRingFields.all.fields)
}

extension LinkType {
    public static let tokenRing = LinkType(rawValue: 6)
}
