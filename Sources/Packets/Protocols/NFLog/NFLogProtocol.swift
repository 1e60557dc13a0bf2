extension ProtocolDescription {
    static let nflog = ProtocolDescription(
        .nflog, "nflog", "Linux Netfilter NFLOG", role: .link,
        attachments: [
            .linkType(.nflog)
        ],
        dissect: NFLogRecord.dissect,
        fields: NFLogFields.all.fields)
}

extension LinkType {
    /// Linux's netfilter log (LINKTYPE_NFLOG).
    public static let nflog = LinkType(rawValue: 239)
}
