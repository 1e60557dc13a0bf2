extension ProtocolDescription {
    static let vlan = ProtocolDescription(
        .vlan, "vlan", "802.1Q Virtual LAN", role: .link,
        attachments: [
            .etherType(.vlan, .oldVLAN)
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: { VLANTag.dissect($0, &$1, &$2, as: .vlan) },
        fields: VLANFields.all.fields,
        link: VLANLine.link,
        box: { _ in
            HeaderLayout(
                VLANFields.all.fields,
                [
                    .field("vlan.priority", "PCP"),
                    .number("D", 1),
                    .field("vlan.id"),
                    .hex("Type", 16, names: ValueNames.etherType),
                ])
        })
}

extension EtherType {
    /// IEEE 802.1Q, the customer's tag.
    @inlinable public static var vlan: EtherType { EtherType(rawValue: 0x8100) }
    /// The provider's tag before 802.1ad gave it a number.
    @inlinable public static var oldVLAN: EtherType { EtherType(rawValue: 0x9100) }
}
