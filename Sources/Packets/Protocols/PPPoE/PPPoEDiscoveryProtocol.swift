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
    /// How a host finds an access concentrator (RFC 2516 section 5).
    public static let pppoeDiscovery = EtherType(rawValue: 0x8863)
}
