/// The fields of a VLAN tag.
enum VLANFields {
    static let all = ProtocolFields(
        .vlan, "vlan", "802.1Q Virtual LAN",
        [
            .at(0, "vlan.priority", .unsigned(bits: 3), "Priority", length: 2, mask: 0xe000),
            .at(0, "vlan.dei", .boolean, "Drop eligible", length: 2, mask: 0x1000),
            .at(0, "vlan.id", .unsigned(bits: 12), "VLAN identifier", length: 2, mask: 0x0fff),
            .at(2, "vlan.etype", .hex(bits: 16), "Type") { $0.uint16(at: 2) > EtherType.lastLength },
            .at(2, "vlan.len", .unsigned(bits: 16), "Length") { $0.uint16(at: 2) <= EtherType.lastLength },
        ])

    static let provider = ProtocolFields(
        .providerVLAN, "ieee8021ad", "IEEE 802.1ad",
        [
            .at(0, "ieee8021ad.priority", .unsigned(bits: 3), "Priority", length: 2, mask: 0xe000),
            .at(0, "ieee8021ad.dei", .boolean, "Drop eligible", length: 2, mask: 0x1000),
            .at(0, "ieee8021ad.id", .unsigned(bits: 12), "VLAN identifier", length: 2, mask: 0x0fff),
        ])
}
