extension ProtocolDescription {
    static let igmp = ProtocolDescription(
        .igmp, "igmp", "Internet Group Management Protocol", role: .network,
        attachments: [
            .ipProtocol(.igmp)
        ],
        dissect: IGMPMessage.dissect,
        fields: IGMPFields.all.fields)
}

extension IPProtocol {
    public static let igmp = IPProtocol(rawValue: 2)
}
