/// IEEE 802.1ah, MAC in MAC: four bytes of service tag, then the customer's addresses and type.
enum MACInMACTag {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        FrameTag.dissect(record, &cursor, &layers, as: .macInMAC, length: 18)
    }
}

extension ProtocolDescription {
    static let macInMAC = ProtocolDescription(
        .macInMAC, "ieee8021ah", "IEEE 802.1ah", role: .link,
        attachments: [
            .etherType(.macInMAC)
        ],
        traits: [.namesEtherType],
        dissect: MACInMACTag.dissect,
        fields: [
            .at(0, "ieee8021ah.isid", .unsigned(bits: 24), "Service identifier", length: 4, mask: 0x00ff_ffff),
            .at(4, "ieee8021ah.c_daddr", .mac, "Customer's destination address"),
            .at(10, "ieee8021ah.c_saddr", .mac, "Customer's source address"),
        ])
}

extension EtherType {
    /// IEEE 802.1ah.
    public static let macInMAC = EtherType(rawValue: 0x88e7)
}
