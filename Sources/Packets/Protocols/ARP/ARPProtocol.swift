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
