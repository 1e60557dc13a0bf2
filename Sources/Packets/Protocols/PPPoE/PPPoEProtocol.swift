extension ProtocolDescription {
    static let pppoe = ProtocolDescription(
        .pppoe, "pppoes", "PPP-over-Ethernet Session", role: .link,
        attachments: [
            .etherType(.pppoeSession),
            .linkType(.pppoe),
        ],
        dissect: PPPoEFrame.dissect,
        fields: PPPoEFields.session.fields,
        link: PPPoEFrame.link)
}

extension LinkType {
    public static let pppoe = LinkType(rawValue: 51)
}

extension EtherType {
    public static let pppoeSession = EtherType(rawValue: 0x8864)
}
