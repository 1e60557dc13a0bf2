extension ProtocolDescription {
    static let vxlan = ProtocolDescription(
        .vxlan, "vxlan", "Virtual eXtensible Local Area Network", role: .tunnel,
        attachments: [
            .udpPort(4789),
            .udpPort(4790, via: VXLANHeader.dissectGeneric),
        ],
        traits: [.endsWithHeader],
        dissect: VXLANHeader.dissect,
        fields: [
            .at(0, "vxlan.flags", .hex(bits: 16), "Flags"),
            .at(4, "vxlan.vni", .unsigned(bits: 24), "Network identifier", length: 3),
        ])
}
