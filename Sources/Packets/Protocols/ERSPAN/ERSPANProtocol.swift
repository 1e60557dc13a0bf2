extension ProtocolDescription {
    static let erspan = ProtocolDescription(
        .erspan, "erspan", "Encapsulated Remote Switch Packet ANalysis", role: .tunnel,
        attachments: [
            .greProtocol(0x22eb),
            .greProtocol(0x88be, hasSequence: true),
        ],
        dissect: ERSPANHeader.dissect,
        fields: [
            .at(0, "erspan.version", .unsigned(bits: 4), "Version", length: 2, mask: 0xf000),
            .at(0, "erspan.vlan", .unsigned(bits: 12), "VLAN", length: 2, mask: 0x0fff),
        ])
}
