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
