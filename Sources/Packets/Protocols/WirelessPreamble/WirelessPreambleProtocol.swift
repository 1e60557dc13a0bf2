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
    public static let ieee80211AVS = LinkType(rawValue: 163)
    public static let ieee80211Prism = LinkType(rawValue: 119)
}
