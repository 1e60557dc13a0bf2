extension ProtocolDescription {
    static let providerVLAN = ProtocolDescription(
        .providerVLAN, "ieee8021ad", "IEEE 802.1ad", role: .link,
        attachments: [
            .etherType(.providerVLAN)
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: { VLANTag.dissect($0, &$1, &$2, as: .providerVLAN) },
        fields: VLANFields.provider.fields,
        link: VLANLine.link,
        box: { _ in
            HeaderLayout(
                VLANFields.provider.fields,
                [
                    .field("ieee8021ad.priority", "PCP"),
                    .number("D", 1),
                    .field("ieee8021ad.id"),
                    .hex("Type", 16, names: ValueNames.etherType),
                ])
        })
}

extension EtherType {
    /// IEEE 802.1ad, the provider's tag.
    @inlinable public static var providerVLAN: EtherType { EtherType(rawValue: 0x88a8) }
}
