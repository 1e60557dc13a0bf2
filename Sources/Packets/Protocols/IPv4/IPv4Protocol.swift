extension ProtocolDescription {
    static let ipv4 = ProtocolDescription(
        .ipv4, "ip", "Internet Protocol Version 4", role: .network,
        attachments: [
            .etherType(.ipv4),
            .ipProtocol(.ipv4),
            // Whatever is no IPv6 is tried: its version tells what it is not.
            .ipVersion((0...15).filter { $0 != 6 }),
            .linkType(.ipv4, .classicalIPOverATM, .bsdATM, .bsdHDLC, .bsdSLIP),
            .linkType(.raw, via: { RawIP.dissect($0, &$1, $2, .raw) }),
            .linkType(.rawDLT, via: { RawIP.dissect($0, &$1, $2, .rawDLT) }),
            .linkType(.rawOpenBSD, via: { RawIP.dissect($0, &$1, $2, .rawOpenBSD) }),
            .pppProtocol(0x0021, EtherType.ipv4.rawValue),
            .greProtocol(EtherType.ipv4.rawValue, 0x883e),
            .networkLayerID(0xcc),
            .servicePoint(0x06),
            .channelType(0x0021),
        ],
        traits: [.endsWithHeader],
        dissect: IPv4Packet.dissect,
        fields: IPv4Fields.all.fields)
}
