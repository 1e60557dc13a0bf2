/// The fields of the two Linux cooked headers, which have the same names.
enum LinuxSLLFields {
    private static let packetTypes: ValueName = { value in
        switch value {
        case 0: "Unicast to us"
        case 1: "Broadcast"
        case 2: "Multicast"
        case 3: "Unicast to another host"
        case 4: "Sent by us"
        default: nil
        }
    }

    static let all = ProtocolFields(
        .linuxSLL, "sll", "Linux cooked capture v1",
        [
            .at(0, "sll.pkttype", .unsigned(bits: 16), "Packet type", needed: 4, valueName: packetTypes) {
                $0.uint16(at: 2) != LinuxSLLHeader.netlink
            },
            .at(2, "sll.hatype", .unsigned(bits: 16), "Device type (ARPHRD)") {
                $0.uint16(at: 2) != LinuxSLLHeader.netlink
            },
            .at(4, "sll.halen", .unsigned(bits: 16), "Address length") { $0.uint16(at: 2) != LinuxSLLHeader.netlink },
            .at(6, "sll.src.eth", .mac, "Source") { $0.uint16(at: 4) == 6 },
            .at(14, "sll.etype", .hex(bits: 16), "Protocol") { $0.uint16(at: 14) > EtherType.lastLength },
            .at(14, "sll.ltype", .hex(bits: 16), "Protocol") { $0.uint16(at: 14) <= EtherType.lastLength },
        ])

    static let version2 = ProtocolFields(
        .linuxSLL2, "sll", "Linux cooked capture v2",
        [
            .at(0, "sll.etype", .hex(bits: 16), "Protocol"),
            .at(4, "sll.ifindex", .unsigned(bits: 32), "Interface index"),
            .at(8, "sll.hatype", .unsigned(bits: 16), "Device type (ARPHRD)"),
            .at(10, "sll.pkttype", .unsigned(bits: 8), "Packet type", needed: 12, valueName: packetTypes) {
                $0.uint16(at: 8) != LinuxSLLHeader.netlink
            },
            .at(11, "sll.halen", .unsigned(bits: 8), "Address length"),
            .at(12, "sll.src.eth", .mac, "Source") { $0.uint8(at: 11) == 6 },
        ])
}
