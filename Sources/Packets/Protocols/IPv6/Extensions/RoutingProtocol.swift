extension ProtocolDescription {
    static let ipv6Routing = ProtocolDescription(
        .ipv6Routing, "ipv6.routing", "Routing Header for IPv6", role: .network,
        attachments: [
            .ipProtocol(.ipv6Routing)
        ],
        traits: [.endsWithHeader],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .ipv6Routing) },
        fields: IPv6ExtensionFields.routing.fields)
}

extension IPProtocol {
    /// The routing header (RFC 8200 section 4.4).
    public static let ipv6Routing = IPProtocol(rawValue: 43)
}
