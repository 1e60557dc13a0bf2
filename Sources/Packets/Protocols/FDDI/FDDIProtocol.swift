extension ProtocolDescription {
    static let fddi = ProtocolDescription(
        .fddi, "fddi", "Fiber Distributed Data Interface", role: .link,
        attachments: [
            .linkType(.fddi)
        ],
        dissect: FDDIFrame.dissect,
        fields: FDDIFields.all.fields)
}

extension LinkType {
    /// FDDI, a ring of fibre (LINKTYPE_FDDI).
    public static let fddi = LinkType(rawValue: 10)
}
