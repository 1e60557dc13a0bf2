extension ProtocolDescription {
    static let symantec = ProtocolDescription(
        .symantec, "symantec", "Symantec Enterprise Firewall", role: .link,
        attachments: [
            .linkType(.symantecFirewall)
        ],
        dissect: SymantecHeader.dissect,
        fields: [
            .at(0, "symantec.if", .ipv4, "Interface"),
            .at(6, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) != 0 },
            .at(10, "symantec.type", .hex(bits: 16), "Type") { $0.uint16(at: 6) == 0 },
        ])
}
