extension ProtocolDescription {
    static let ipv6HopByHop = ProtocolDescription(
        .ipv6HopByHop, "ipv6.hopopts", "IPv6 Hop-by-Hop Option", role: .network,
        attachments: [
            .ipProtocol(.hopByHop)
        ],
        traits: [.endsWithHeader],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .ipv6HopByHop) },
        fields: IPv6ExtensionFields.hopByHop.fields)
}

extension IPProtocol {
    /// IPv6's hop-by-hop options (RFC 8200 section 4.3).
    public static let hopByHop = IPProtocol(rawValue: 0)
}
