extension ProtocolDescription {
    static let sctp = ProtocolDescription(
        .sctp, "sctp", "Stream Control Transmission Protocol", role: .transport,
        attachments: [
            .ipProtocol(.sctp),
            .udpPort(9899),
        ],
        dissect: SCTPHeader.dissect,
        fields: SCTPFields.all.fields)
}

extension IPProtocol {
    public static let sctp = IPProtocol(rawValue: 132)
}
