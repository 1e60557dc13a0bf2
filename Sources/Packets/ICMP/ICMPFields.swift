/// The fields of an ICMP message.
enum ICMPFields {
    static let all = ProtocolFields(.icmp, "icmp", "Internet Control Message Protocol", [
        .at(0, "icmp.type", .unsigned(bits: 8), "Type", needed: 6),
        .at(1, "icmp.code", .unsigned(bits: 8), "Code", needed: 6),
        .at(2, "icmp.checksum", .hex(bits: 16), "Checksum"),
    ])
}

/// The fields of an ICMPv6 message.
enum ICMPv6Fields {
    static let all = ProtocolFields(.icmpv6, "icmpv6", "Internet Control Message Protocol v6", [
        .at(0, "icmpv6.type", .unsigned(bits: 8), "Type"),
        .at(1, "icmpv6.code", .unsigned(bits: 8), "Code"),
        .at(2, "icmpv6.checksum", .hex(bits: 16), "Checksum"),
    ])
}
