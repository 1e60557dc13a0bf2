extension ProtocolDescription {
    static let ipv6Destination = ProtocolDescription(
        .ipv6Destination, "ipv6.dstopts", "Destination Options for IPv6", role: .network,
        attachments: [
            .ipProtocol(.ipv6Destination)
        ],
        traits: [.endsWithHeader],
        dissect: { IPv6ExtensionHeader.dissect($0, &$1, &$2, as: .ipv6Destination) },
        fields: IPv6ExtensionFields.destination.fields)
}

extension IPProtocol {
    /// Destination options (RFC 8200 section 4.6).
    public static let ipv6Destination = IPProtocol(rawValue: 60)
}
