/// The fields of an ARP packet.
enum ARPFields {
    private static let operations: ValueName = { value in
        switch value {
        case 1: "request"
        case 2: "reply"
        case 3: "reverse request"
        case 4: "reverse reply"
        case 8: "inverse request"
        case 9: "inverse reply"
        default: nil
        }
    }

    static let all = ProtocolFields(
        .arp, "arp", "Address Resolution Protocol",
        [
            .at(0, "arp.hw.type", .unsigned(bits: 16), "Hardware type"),
            .at(2, "arp.proto.type", .hex(bits: 16), "Protocol type"),
            .at(4, "arp.hw.size", .unsigned(bits: 8), "Hardware size"),
            .at(5, "arp.proto.size", .unsigned(bits: 8), "Protocol size"),
            .at(6, "arp.opcode", .unsigned(bits: 16), "Operation", valueName: operations),
            .of(ARPPacket.self, "arp.src.hw_mac", .mac, "Sender's MAC address") { $0.senderMAC.map { .mac($0) } },
            .of(ARPPacket.self, "arp.src.proto_ipv4", .ipv4, "Sender's IPv4 address") {
                $0.senderIPv4.map { .ipv4($0) }
            },
            .of(ARPPacket.self, "arp.dst.hw_mac", .mac, "Target's MAC address") { $0.targetMAC.map { .mac($0) } },
            .of(ARPPacket.self, "arp.dst.proto_ipv4", .ipv4, "Target's IPv4 address") {
                $0.targetIPv4.map { .ipv4($0) }
            },
            remark("arp.isgratuitous", "Tells its own address unasked") { $0.senderIPv4 == $0.targetIPv4 },
            remark("arp.isprobe", "Asks whether an address is free (RFC 5227)") {
                $0.operation == 1 && $0.senderIPv4?.rawValue == 0 && $0.targetIPv4?.rawValue != 0
                    && $0.targetMAC?.rawValue == 0
            },
            remark("arp.isannouncement", "Takes an address (RFC 5227)") {
                $0.operation == 1 && $0.senderIPv4 == $0.targetIPv4 && $0.targetMAC?.rawValue == 0
            },
        ])

    /// What Ethernet and IPv4 packets of a certain form are for: there where it holds.
    private static func remark(
        _ name: String, _ meaning: String, _ holds: @escaping @Sendable (borrowing ARPPacket) -> Bool
    ) -> FieldDefinition {
        .of(ARPPacket.self, name, .boolean, meaning) {
            $0.targetMAC != nil && $0.targetIPv4 != nil && holds($0) ? .boolean(true) : nil
        }.hidden
    }
}
