extension ProtocolDescription {
    static let arp = ProtocolDescription(
        .arp, "arp", "Address Resolution Protocol", role: .network,
        attachments: [
            .etherType(.arp, .rarp),
            .greProtocol(EtherType.arp.rawValue),
        ],
        dissect: ARPPacket.dissect,
        fields: ARPFields.all.fields,
        line: ARPLine.form,
        box: { header in
            // RFC 826, for IPv4 over addresses of six bytes.
            guard header.byteCount >= 8, header.uint8(at: 4) == 6, header.uint8(at: 5) == 4 else { return nil }
            return HeaderLayout(
                ARPFields.all.fields,
                [
                    .field("arp.hw.type"),
                    .field("arp.proto.type"),
                    .field("arp.hw.size", "HW size"),
                    .field("arp.proto.size", "Proto size"),
                    .field("arp.opcode"),
                    .address("Sender's MAC address", .mac),
                    .address("Sender's IPv4 address", .ipv4),
                    .address("Target's MAC address", .mac),
                    .address("Target's IPv4 address", .ipv4),
                ])
        })
}

extension EtherType {
    /// ARP (RFC 826).
    @inlinable public static var arp: EtherType { EtherType(rawValue: 0x0806) }
    /// RARP (RFC 903): ARP's own packet.
    public static let rarp = EtherType(rawValue: 0x8035)
}
