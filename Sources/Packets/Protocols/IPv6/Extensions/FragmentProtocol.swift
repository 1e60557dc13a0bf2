extension ProtocolDescription {
    static let ipv6Fragment = ProtocolDescription(
        .ipv6Fragment, "ipv6.fraghdr", "Fragment Header for IPv6", role: .network,
        attachments: [
            .ipProtocol(.ipv6Fragment)
        ],
        traits: [.endsWithHeader],
        dissect: IPv6FragmentHeader.dissect,
        fields: IPv6ExtensionFields.fragment.fields)
}

extension IPProtocol {
    public static let ipv6Fragment = IPProtocol(rawValue: 44)
}
