extension ProtocolDescription {
    static let wirelessPreamble = ProtocolDescription(
        .wirelessPreamble, "wlancap", "AVS or Prism capture header", role: .link,
        attachments: [
            .linkType(.ieee80211AVS),
            .linkType(.ieee80211Prism, via: WirelessPreamble.dissectPrism),
        ],
        dissect: WirelessPreamble.dissectAVS)
}

extension LinkType {
    /// 802.11 behind the AVS header.
    public static let ieee80211AVS = LinkType(rawValue: 163)
    /// 802.11 behind Prism's header.
    public static let ieee80211Prism = LinkType(rawValue: 119)
}
