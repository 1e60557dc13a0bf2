extension ProtocolDescription {
    static let juniper = ProtocolDescription(
        .juniper, "juniper", "Juniper", role: .link,
        attachments: JuniperHeader.interfaces.map { interface in
            .linkType(interface) { JuniperHeader.dissect($0, &$1, &$2, interface: interface) }
        },
        dissect: { JuniperHeader.dissect($0, &$1, &$2, interface: .juniperEthernet) })
}

extension LinkType {
    /// Multilink PPP.
    public static let juniperMultilink = LinkType(rawValue: 130)
    /// Multilink frame relay.
    public static let juniperMultilinkFrameRelay = LinkType(rawValue: 131)
    /// A gateway of a mobile network (GGSN).
    public static let juniperGGSN = LinkType(rawValue: 133)
    /// The second generation of ATM cards.
    public static let juniperATM2 = LinkType(rawValue: 135)
    /// A services card.
    public static let juniperServices = LinkType(rawValue: 136)
    /// The first generation of ATM cards.
    public static let juniperATM1 = LinkType(rawValue: 137)
    /// PPP over Ethernet.
    public static let juniperPPPoE = LinkType(rawValue: 167)
    /// Ethernet.
    public static let juniperEthernet = LinkType(rawValue: 178)
    /// PPP.
    public static let juniperPPP = LinkType(rawValue: 179)
    /// Frame relay.
    public static let juniperFrameRelay = LinkType(rawValue: 180)
    /// Cisco HDLC.
    public static let juniperCiscoHDLC = LinkType(rawValue: 181)
    /// A voice processing card.
    public static let juniperVoice = LinkType(rawValue: 183)
}
