extension ProtocolDescription {
    static let teredo = ProtocolDescription(
        .teredo, "teredo", "Teredo IPv6 over UDP tunneling", role: .tunnel,
        attachments: [
            .udpPort(3544)
        ],
        dissect: TeredoHeader.dissect)
}
