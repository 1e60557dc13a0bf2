extension ProtocolDescription {
    static let dhcp = ProtocolDescription(
        .dhcp, "dhcp", "Dynamic Host Configuration Protocol", role: .application,
        attachments: [
            .udpPort(67, 68)
        ],
        dissect: DHCPMessage.dissect,
        // The op: 1 BOOTREQUEST, 2 BOOTREPLY (RFC 951 section 3).
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            return switch message.uint8(at: 0) {
            case 1: true
            case 2: false
            default: nil
            }
        },
        fields: DHCPFields.all.fields,
        line: .words(DHCPSummary.summarize))
}
