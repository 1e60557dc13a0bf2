extension ProtocolDescription {
    static let igmp = ProtocolDescription(
        .igmp, "igmp", "Internet Group Management Protocol", role: .network,
        attachments: [
            .ipProtocol(.igmp)
        ],
        dissect: IGMPMessage.dissect,
        fields: IGMPFields.all.fields,
        line: IGMPLine.form,
        box: { _ in
            HeaderLayout(
                IGMPFields.all.fields,
                [
                    // RFC 2236 section 2.
                    .field("igmp.type"),
                    .field("igmp.max_resp", "Max response"),
                    .field("igmp.checksum"),
                    .field("igmp.maddr"),
                ])
        })
}

extension IPProtocol {
    /// IGMP (RFC 2236, RFC 3376).
    public static let igmp = IPProtocol(rawValue: 2)
}
