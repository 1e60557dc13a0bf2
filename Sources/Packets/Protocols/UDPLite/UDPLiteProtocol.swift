import Text

extension ProtocolDescription {
    static let udplite = ProtocolDescription(
        .udplite, "udplite", "Lightweight User Datagram Protocol", role: .transport,
        attachments: [
            .ipProtocol(.udplite)
        ],
        dissect: UDPLiteDatagram.dissect,
        fields: UDPLiteFields.all.fields,
        line: .message(needs: UDPLiteDatagram.headerLength, hasPorts: true) { layer, _, out in
            out.append(" UDP-Lite len ")
            out.append(decimal: UInt64(clamping: layer.claimedPayloadLength))
        })
}

extension IPProtocol {
    /// UDP-Lite (RFC 3828).
    public static let udplite = IPProtocol(rawValue: 136)
}
