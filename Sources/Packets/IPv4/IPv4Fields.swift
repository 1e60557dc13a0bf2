/// The fields of an IPv4 packet.
enum IPv4Fields {
    static let all = ProtocolFields(.ipv4, "ip", "Internet Protocol Version 4", [
        .of(IPv4Packet.self, "ip.version", .unsigned(bits: 4), "Version") { .unsigned(UInt64($0.version)) },
        .of(IPv4Packet.self, "ip.hdr_len", .unsigned(bits: 8), "Header length") { .unsigned(UInt64($0.headerLength)) },
        .of(IPv4Packet.self, "ip.dsfield.dscp", .unsigned(bits: 6), "Differentiated services codepoint") { .unsigned(UInt64($0.trafficClass >> 2)) },
        .of(IPv4Packet.self, "ip.dsfield.ecn", .unsigned(bits: 2), "Explicit congestion notification") { .unsigned(UInt64($0.trafficClass & 3)) },
        .of(IPv4Packet.self, "ip.len", .unsigned(bits: 16), "Total length") { .unsigned(UInt64($0.totalLength)) },
        .of(IPv4Packet.self, "ip.id", .hex(bits: 16), "Identification") { .unsigned(UInt64($0.identification)) },
        .of(IPv4Packet.self, "ip.flags.df", .boolean, "Don't fragment") { .boolean($0.dontFragment) },
        .of(IPv4Packet.self, "ip.flags.mf", .boolean, "More fragments") { .boolean($0.moreFragments) },
        .of(IPv4Packet.self, "ip.frag_offset", .unsigned(bits: 13), "Fragment offset") { .unsigned(UInt64($0.fragmentOffset)) },
        .of(IPv4Packet.self, "ip.ttl", .unsigned(bits: 8), "Time to live") { .unsigned(UInt64($0.timeToLive)) },
        .of(IPv4Packet.self, "ip.proto", .unsigned(bits: 8), "Protocol") { .unsigned(UInt64($0.protocolNumber.rawValue)) },
        .of(IPv4Packet.self, "ip.checksum", .hex(bits: 16), "Header checksum") { .unsigned(UInt64($0.headerChecksum)) },
        .of(IPv4Packet.self, "ip.src", .ipv4, "Source address") { .ipv4($0.source) },
        .of(IPv4Packet.self, "ip.dst", .ipv4, "Destination address") { .ipv4($0.destination) },
    ])
}
