extension ProtocolDescription {
    static let fddi = ProtocolDescription(
        .fddi, "fddi", "Fiber Distributed Data Interface", role: .link,
        attachments: [
            .linkType(.fddi)
        ],
        dissect: FDDIFrame.dissect,
        fields: FDDIFields.all.fields)
}
