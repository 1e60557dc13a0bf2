extension ProtocolDescription {
    static let dhcp = ProtocolDescription(
        .dhcp, "dhcp", "Dynamic Host Configuration Protocol", role: .application,
        attachments: [
            .udpPort(67, 68)
        ],
        dissect: DHCPMessage.dissect,
        fields: DHCPFields.all.fields,
        line: .words(DHCPSummary.summarize))
}
