import Text

extension ProtocolDescription {
    static let sctp = ProtocolDescription(
        .sctp, "sctp", "Stream Control Transmission Protocol", role: .transport,
        attachments: [
            .ipProtocol(.sctp),
            .udpPort(9899),
        ],
        dissect: SCTPHeader.dissect,
        fields: SCTPFields.all.fields,
        line: .message(needs: SCTPHeader.length, hasPorts: true) { layer, _, out in
            out.append(" SCTP len ")
            out.append(decimal: UInt64(clamping: layer.claimedPayloadLength))
        })
}

extension IPProtocol {
    /// SCTP (RFC 9260).
    public static let sctp = IPProtocol(rawValue: 132)
}
