extension ProtocolDescription {
    static let udplite = ProtocolDescription(
        .udplite, "udplite", "Lightweight User Datagram Protocol", role: .transport,
        attachments: [
            .ipProtocol(.udplite)
        ],
        dissect: UDPLiteDatagram.dissect,
        fields: UDPLiteFields.all.fields)
}

extension IPProtocol {
    public static let udplite = IPProtocol(rawValue: 136)
}
