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
    /// IEEE 802.5 (LINKTYPE_IEEE802_5).
    public static let tokenRing = LinkType(rawValue: 6)
}
