extension ProtocolDescription {
    static let tcp = ProtocolDescription(
        .tcp, "tcp", "Transmission Control Protocol", role: .transport,
        attachments: [
            .ipProtocol(.tcp)
        ],
        dissect: TCPSegment.dissect,
        fields: TCPFields.all.fields,
        parts: TCPFields.all.parts)
}

extension IPProtocol {
    public static let tcp = IPProtocol(rawValue: 6)
}
