extension ProtocolDescription {
    static let arp = ProtocolDescription(
        .arp, "arp", "Address Resolution Protocol", role: .network,
        attachments: [
            .etherType(.arp, .rarp),
            .greProtocol(EtherType.arp.rawValue),
        ],
        dissect: ARPPacket.dissect,
        fields: ARPFields.all.fields)
}

extension EtherType {
    public static let arp = EtherType(rawValue: 0x0806)
    /// RARP (RFC 903): ARP's own packet.
    public static let rarp = EtherType(rawValue: 0x8035)
}
