extension ProtocolDescription {
    static let redback = ProtocolDescription(
        .redback, "redback", "Redback", role: .link,
        attachments: [
            .linkType(.redback)
        ],
        dissect: RedbackHeader.dissect)
}
