/// The fields of an IGMP message.
enum IGMPFields {
    static let all = ProtocolFields(
        .igmp, "igmp", "Internet Group Management Protocol",
        [
            .at(0, "igmp.type", .hex(bits: 8), "Type"),
            .at(1, "igmp.max_resp", .unsigned(bits: 8), "Maximum response time"),
            .at(2, "igmp.checksum", .hex(bits: 16), "Checksum"),
            .checksumStatus("igmp.checksum.status", needed: 8),
            .at(4, "igmp.maddr", .ipv4, "Group address") { $0.uint8(at: 0) != 0x22 },
        ])
}
