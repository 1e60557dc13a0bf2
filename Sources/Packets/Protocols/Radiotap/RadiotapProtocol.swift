extension ProtocolDescription {
    static let radiotap = ProtocolDescription(
        .radiotap, "radiotap", "IEEE 802.11 Radiotap Capture header", role: .link,
        attachments: [
            .linkType(.ieee80211Radiotap)
        ],
        traits: [.endsWithHeader],
        dissect: RadiotapHeader.dissect,
        fields: [
            .at(0, "radiotap.version", .unsigned(bits: 8), "Version"),
            FieldDefinition("radiotap.length", .unsigned(bits: 16), "Header length") { context, values in
                if context.header.byteCount >= 4 {
                    values.append(.unsigned(UInt64(context.header.littleEndianUInt16(at: 2))))
                }
            },
        ])
}

extension LinkType {
    /// 802.11 behind a radiotap header.
    public static let ieee80211Radiotap = LinkType(rawValue: 127)
}
