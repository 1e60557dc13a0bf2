extension ProtocolDescription {
    static let vlan = ProtocolDescription(
        .vlan, "vlan", "802.1Q Virtual LAN", role: .link,
        attachments: [
            .etherType(.vlan, .oldVLAN)
        ],
        traits: [.endsWithHeader, .namesEtherType],
        dissect: { VLANTag.dissect($0, &$1, &$2, as: .vlan) },
        fields: VLANFields.all.fields)
}
