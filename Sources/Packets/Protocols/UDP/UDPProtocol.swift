extension ProtocolDescription {
    static let udp = ProtocolDescription(
        .udp, "udp", "User Datagram Protocol", role: .transport,
        attachments: [
            .ipProtocol(.udp)
        ],
        traits: [.endsWithHeader],
        dissect: UDPDatagram.dissect,
        fields: UDPFields.all.fields)
}

extension IPProtocol {
    public static let udp = IPProtocol(rawValue: 17)
}
