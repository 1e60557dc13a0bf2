extension ProtocolDescription {
    static let ieee80211 = ProtocolDescription(
        .ieee80211, "wlan", "IEEE 802.11 wireless LAN", role: .link,
        attachments: [
            .linkType(.ieee80211),
            .etherType(.wirelessFrame),
            .greProtocols(arubaNumbers),
        ],
        traits: [.endsWithHeader],
        dissect: WirelessFrame.dissect,
        resume: { record, cursor, _ in WirelessFrame.dissectAggregate(record, &cursor) },
        fields: WirelessFields.all.fields,
        line: WirelessLine.form)

    /// What Aruba's access points put into GRE.
    private static let arubaNumbers = Array(stride(from: UInt16(0x8200), through: 0x8370, by: 16))
}

extension LinkType {
    /// 802.11 without anything before it (LINKTYPE_IEEE802_11).
    public static let ieee80211 = LinkType(rawValue: 105)
}

extension EtherType {
    /// An 802.11 frame that a card in promiscuous mode hands to Ethernet's socket.
    public static let wirelessFrame = EtherType(rawValue: 0x2452)
}
