extension ProtocolDescription {
    static let macInMAC = ProtocolDescription(
        .macInMAC, "ieee8021ah", "IEEE 802.1ah", role: .link,
        attachments: [
            .etherType(.macInMAC)
        ],
        traits: [.namesEtherType],
        dissect: FrameTag.dissectMACInMAC,
        fields: [
            .at(0, "ieee8021ah.isid", .unsigned(bits: 24), "Service identifier", length: 4, mask: 0x00ff_ffff),
            .at(4, "ieee8021ah.c_daddr", .mac, "Customer's destination address"),
            .at(10, "ieee8021ah.c_saddr", .mac, "Customer's source address"),
        ])
}
