extension ProtocolDescription {
    static let ipv6 = ProtocolDescription(
        .ipv6, "ipv6", "Internet Protocol Version 6", role: .network,
        attachments: [
            .etherType(.ipv6),
            .ipProtocol(.ipv6),
            .ipVersion([6]),
            .linkType(.ipv6),
            .pppProtocol(0x0057, EtherType.ipv6.rawValue),
            .greProtocol(EtherType.ipv6.rawValue),
            .networkLayerID(0x8e),
            .channelType(0x0057),
        ],
        traits: [.endsWithHeader],
        dissect: IPv6Packet.dissect,
        fields: IPv6Fields.all.fields)
}

extension EtherType {
    public static let ipv6 = EtherType(rawValue: 0x86dd)
}

extension IPProtocol {
    /// IPv6 in IP (RFC 4213).
    public static let ipv6 = IPProtocol(rawValue: 41)
}
