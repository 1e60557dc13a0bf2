extension ProtocolDescription {
    static let timestampTag = ProtocolDescription(
        .timestampTag, "avsp", "Arista Vendor Specific Protocol", role: .link,
        attachments: [
            .etherType(.timestampTag)
        ],
        dissect: FrameTag.dissectTimestamp,
        fields: [
            .at(0, "avsp.sub_type", .hex(bits: 16), "Subtype"),
            .at(2, "avsp.ver", .hex(bits: 16), "Version"),
        ])
}
