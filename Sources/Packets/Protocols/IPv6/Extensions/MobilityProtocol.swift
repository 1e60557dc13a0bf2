extension ProtocolDescription {
    static let mobility = ProtocolDescription(
        .mobility, "mipv6", "Mobile IPv6", role: .network,
        attachments: [
            .ipProtocol(.mobility, .oldMobility)
        ],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .mobility) },
        fields: IPv6ExtensionFields.mobility.fields)
}

extension IPProtocol {
    /// Mobility's number before it got 135.
    public static let oldMobility = IPProtocol(rawValue: 62)
    /// The mobility header (RFC 6275 section 6.1).
    public static let mobility = IPProtocol(rawValue: 135)
}
