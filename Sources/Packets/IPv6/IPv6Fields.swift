/// The fields of an IPv6 packet.
enum IPv6Fields {
    static let all = ProtocolFields(.ipv6, "ipv6", "Internet Protocol Version 6", [
        .of(IPv6Packet.self, "ipv6.version", .unsigned(bits: 4), "Version") { .unsigned(UInt64($0.version)) },
        .of(IPv6Packet.self, "ipv6.flow", .hex(bits: 20), "Flow label") { .unsigned(UInt64($0.flowLabel)) },
        .of(IPv6Packet.self, "ipv6.plen", .unsigned(bits: 16), "Payload length") { .unsigned(UInt64($0.payloadLength)) },
        .of(IPv6Packet.self, "ipv6.nxt", .unsigned(bits: 8), "Next header") { .unsigned(UInt64($0.nextHeader.rawValue)) },
        .of(IPv6Packet.self, "ipv6.hlim", .unsigned(bits: 8), "Hop limit") { .unsigned(UInt64($0.hopLimit)) },
        .of(IPv6Packet.self, "ipv6.src", .ipv6, "Source address") { .ipv6($0.source) },
        .of(IPv6Packet.self, "ipv6.dst", .ipv6, "Destination address") { .ipv6($0.destination) },
    ])
}
