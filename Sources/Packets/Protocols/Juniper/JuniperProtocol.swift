extension ProtocolDescription {
    static let juniper = ProtocolDescription(
        .juniper, "juniper", "Juniper", role: .link,
        attachments: JuniperHeader.interfaces.map { interface in
            .linkType(interface) { JuniperHeader.dissect($0, &$1, &$2, interface: interface) }
        },
        dissect: { JuniperHeader.dissect($0, &$1, &$2, interface: .juniperEthernet) })
}

extension LinkType {
    public static let juniperMultilink = LinkType(rawValue: 130)
    public static let juniperMultilinkFrameRelay = LinkType(rawValue: 131)
    public static let juniperGGSN = LinkType(rawValue: 133)
    public static let juniperATM2 = LinkType(rawValue: 135)
    public static let juniperServices = LinkType(rawValue: 136)
    public static let juniperATM1 = LinkType(rawValue: 137)
    public static let juniperPPPoE = LinkType(rawValue: 167)
    public static let juniperEthernet = LinkType(rawValue: 178)
    public static let juniperPPP = LinkType(rawValue: 179)
    public static let juniperFrameRelay = LinkType(rawValue: 180)
    public static let juniperCiscoHDLC = LinkType(rawValue: 181)
    public static let juniperVoice = LinkType(rawValue: 183)
}
