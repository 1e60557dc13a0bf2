extension ProtocolDescription {
    static let mobility = ProtocolDescription(
        .mobility, "mipv6", "Mobile IPv6", role: .network,
        attachments: [
            .ipProtocol(.mobility, .oldMobility)
        ],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .mobility) },
        fields: IPv6ExtensionFields.mobility.fields)
}
