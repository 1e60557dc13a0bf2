/// The fields of an IPv6 packet.
enum IPv6Fields {
    static let all = ProtocolFields(
        .ipv6, "ipv6", "Internet Protocol Version 6",
        [
            .at(0, "ip.version", .unsigned(bits: 4), "Version", mask: 0xf0).hidden,
            .at(0, "ipv6.version", .unsigned(bits: 4), "Version", mask: 0xf0),
            .at(0, "ipv6.tclass", .hex(bits: 32), "Traffic class", length: 4, mask: 0x0ff0_0000),
            .at(
                0, "ipv6.tclass.dscp", .unsigned(bits: 6), "Differentiated services codepoint", length: 4,
                mask: 0x0fc0_0000),
            .at(
                0, "ipv6.tclass.ecn", .unsigned(bits: 2), "Explicit congestion notification", length: 4,
                mask: 0x0030_0000),
            .at(0, "ipv6.flow", .hex(bits: 24), "Flow label", length: 4, mask: 0x000f_ffff),
            .at(4, "ipv6.plen", .unsigned(bits: 16), "Payload length", needed: 7),
            .at(6, "ipv6.nxt", .unsigned(bits: 8), "Next header", valueName: ValueNames.ipProtocol),
            .at(7, "ipv6.hlim", .unsigned(bits: 8), "Hop limit"),
            .at(8, "ipv6.src", .ipv6, "Source address"),
            .at(24, "ipv6.dst", .ipv6, "Destination address"),
            .at(8, "ipv6.addr", .ipv6, "Source or destination address"),
            .at(24, "ipv6.addr", .ipv6, "Source or destination address"),
            host(8, "ipv6.src_host", "Source host"),
            host(8, "ipv6.host", "Source or destination host"),
            host(24, "ipv6.dst_host", "Destination host"),
            host(24, "ipv6.host", "Source or destination host"),
        ])

    private static func host(_ offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .text, meaning) { context, values in
            if context.header.byteCount >= offset + 16 {
                values.append(.hostIPv6(context.header.ipv6Address(at: offset)))
            }
        }.hidden
    }
}
