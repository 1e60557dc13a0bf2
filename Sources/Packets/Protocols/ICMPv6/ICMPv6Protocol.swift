extension ProtocolDescription {
    static let icmpv6 = ProtocolDescription(
        .icmpv6, "icmpv6", "Internet Control Message Protocol v6", role: .network,
        attachments: [
            .ipProtocol(.icmpv6)
        ],
        dissect: ICMPv6Message.dissect,
        fields: ICMPv6Fields.all.fields)
}

extension IPProtocol {
    public static let icmpv6 = IPProtocol(rawValue: 58)
}
