/// The fields of an ICMP message.
enum ICMPFields {
    static let all = ProtocolFields(.icmp, "icmp", "Internet Control Message Protocol", [
        .of(ICMPMessage.self, "icmp.type", .unsigned(bits: 8), "Type") { .unsigned(UInt64($0.type)) },
        .of(ICMPMessage.self, "icmp.code", .unsigned(bits: 8), "Code") { .unsigned(UInt64($0.code)) },
        .of(ICMPMessage.self, "icmp.checksum", .hex(bits: 16), "Checksum") { .unsigned(UInt64($0.checksum)) },
    ])
}

/// The fields of an ICMPv6 message.
enum ICMPv6Fields {
    static let all = ProtocolFields(.icmpv6, "icmpv6", "Internet Control Message Protocol v6", [
        .of(ICMPv6Message.self, "icmpv6.type", .unsigned(bits: 8), "Type") { .unsigned(UInt64($0.type)) },
        .of(ICMPv6Message.self, "icmpv6.code", .unsigned(bits: 8), "Code") { .unsigned(UInt64($0.code)) },
        .of(ICMPv6Message.self, "icmpv6.checksum", .hex(bits: 16), "Checksum") { .unsigned(UInt64($0.checksum)) },
    ])
}
