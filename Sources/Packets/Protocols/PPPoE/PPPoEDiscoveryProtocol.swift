extension ProtocolDescription {
    static let pppoeDiscovery = ProtocolDescription(
        .pppoeDiscovery, "pppoed", "PPP-over-Ethernet Discovery", role: .link,
        attachments: [
            .etherType(.pppoeDiscovery)
        ],
        dissect: PPPoEFrame.dissectDiscovery,
        fields: PPPoEFields.discovery.fields,
        link: PPPoEFrame.link)
}

extension EtherType {
    public static let pppoeDiscovery = EtherType(rawValue: 0x8863)
}
