/// The fields of an Ethernet frame.
enum EthernetFields {
    static let all = ProtocolFields(
        .ethernet, "eth", "Ethernet II",
        [
            .at(0, "eth.dst", .mac, "Destination address", needed: 14),
            .at(6, "eth.src", .mac, "Source address", needed: 14),
            .at(0, "eth.addr", .mac, "Source or destination address", needed: 14),
            .at(6, "eth.addr", .mac, "Source or destination address", needed: 14),
            .at(12, "eth.type", .hex(bits: 16), "Type", valueName: ValueNames.etherType) {
                EtherType(rawValue: $0.uint16(at: 12)).isType
            },
            .at(12, "eth.len", .unsigned(bits: 16), "Length") {
                1...EtherType.lastLength ~= $0.uint16(at: 12)
            },
        ] + addressBits(0, "eth.dst") + addressBits(6, "eth.src") + [
            .at(0, "eth.addr.oui", .unsigned(bits: 24), "Source's or destination's vendor", needed: 14).hidden,
            .at(6, "eth.addr.oui", .unsigned(bits: 24), "Source's or destination's vendor", needed: 14).hidden,
            .at(0, "eth.lg", .boolean, "Source or destination given locally", mask: 0x02, needed: 14).hidden,
            .at(6, "eth.lg", .boolean, "Source or destination given locally", mask: 0x02, needed: 14).hidden,
            .at(0, "eth.ig", .boolean, "Source or destination is a group", mask: 0x01, needed: 14).hidden,
            .at(6, "eth.ig", .boolean, "Source or destination is a group", mask: 0x01, needed: 14).hidden,
        ])

    /// What the first byte of an address says, and who made the card (IEEE 802-2014 section 8).
    private static func addressBits(_ offset: Int, _ name: String) -> [FieldDefinition] {
        [
            .at(offset, "\(name).oui", .unsigned(bits: 24), "Vendor's number", needed: 14).hidden,
            .at(offset, "\(name).lg", .boolean, "Given locally, not by a vendor", mask: 0x02, needed: 14).hidden,
            .at(offset, "\(name).ig", .boolean, "Address of a group", mask: 0x01, needed: 14).hidden,
        ]
    }
}
