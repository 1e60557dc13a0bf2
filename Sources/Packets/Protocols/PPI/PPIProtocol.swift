extension ProtocolDescription {
    static let ppi = ProtocolDescription(
        .ppi, "ppi", "Per-Packet Information header", role: .link,
        attachments: [
            .linkType(.ppi)
        ],
        dissect: PPIHeader.dissect,
        fields: [.at(0, "ppi.version", .unsigned(bits: 8), "Version")])
}

extension LinkType {
    /// Per-packet information: a header that names the link type itself.
    public static let ppi = LinkType(rawValue: 192)
}
