extension ProtocolDescription {
    static let icmp = ProtocolDescription(
        .icmp, "icmp", "Internet Control Message Protocol", role: .network,
        attachments: [
            .ipProtocol(.icmp)
        ],
        dissect: ICMPMessage.dissect,
        fields: ICMPFields.all.fields)
}

extension IPProtocol {
    public static let icmp = IPProtocol(rawValue: 1)
}
