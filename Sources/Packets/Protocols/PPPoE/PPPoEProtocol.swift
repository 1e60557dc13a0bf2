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
    /// PPP over Ethernet without the Ethernet header (LINKTYPE_PPP_ETHER).
    public static let pppoe = LinkType(rawValue: 51)
}

extension EtherType {
    /// A session's frames (RFC 2516 section 6).
    public static let pppoeSession = EtherType(rawValue: 0x8864)
}
