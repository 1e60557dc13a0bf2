extension ProtocolDescription {
    static let null = ProtocolDescription(
        .null, "null", "Null/Loopback", role: .link,
        attachments: [
            .linkType(.null),
            .linkType(.loop, via: NullHeader.dissectLoop),
        ],
        traits: [.endsWithHeader],
        dissect: NullHeader.dissect,
        fields: NullFields.all.fields)
}

extension LinkType {
    /// BSD loopback: a four-byte address family in the byte order of the host that captured.
    public static let null = LinkType(rawValue: 0)
    /// OpenBSD loopback: the address family in network byte order.
    public static let loop = LinkType(rawValue: 108)
}
