extension ProtocolDescription {
    static let ipv6Fragment = ProtocolDescription(
        .ipv6Fragment, "ipv6.fraghdr", "Fragment Header for IPv6", role: .network,
        attachments: [
            .ipProtocol(.ipv6Fragment)
        ],
        traits: [.endsWithHeader],
        dissect: IPv6FragmentHeader.dissect,
        fields: IPv6ExtensionFields.fragment.fields,
        box: { _ in
            HeaderLayout(
                IPv6ExtensionFields.fragment.fields,
                [
                    // RFC 8200 section 4.5.
                    .number("Next header", 8, names: ValueNames.ipProtocol),
                    .number("Reserved", 8),
                    .field("ipv6.fraghdr.offset", "Fragment offset", unit: 8),
                    .number("R", 2),
                    .number("M", 1),
                    .field("ipv6.fraghdr.ident"),
                ])
        })
}

extension IPProtocol {
    /// The fragment header (RFC 8200 section 4.5).
    public static let ipv6Fragment = IPProtocol(rawValue: 44)
}
