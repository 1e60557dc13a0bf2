/// The fields of IPv6's extension headers.
enum IPv6ExtensionFields {
    private static func group(_ kind: LayerKind, _ name: String, _ title: String, _ more: [FieldDefinition] = [])
        -> ProtocolFields
    {
        ProtocolFields(
            kind, name, title,
            [
                .at(0, name + ".nxt", .unsigned(bits: 8), "Next header"),
                .at(1, name + ".len", .unsigned(bits: 8), "Length, in units of eight bytes after the first"),
            ] + more)
    }

    static let hopByHop = group(.ipv6HopByHop, "ipv6.hopopts", "IPv6 Hop-by-Hop Option", IPv6OptionFields.all)
    static let destination = group(
        .ipv6Destination, "ipv6.dstopts", "Destination Options for IPv6", IPv6OptionFields.all)
    static let routing = group(
        .ipv6Routing, "ipv6.routing", "Routing Header for IPv6",
        [
            .at(2, "ipv6.routing.type", .unsigned(bits: 8), "Type"),
            .at(3, "ipv6.routing.segleft", .unsigned(bits: 8), "Segments left"),
        ])
    static let fragment = ProtocolFields(
        .ipv6Fragment, "ipv6.fraghdr", "Fragment Header for IPv6",
        [
            .at(0, "ipv6.fraghdr.nxt", .unsigned(bits: 8), "Next header"),
            .at(
                2, "ipv6.fraghdr.offset", .unsigned(bits: 13), "Offset, in units of eight bytes", length: 2,
                mask: 0xfff8),
            .at(2, "ipv6.fraghdr.more", .boolean, "More fragments", length: 2, mask: 0x0001),
            .at(4, "ipv6.fraghdr.ident", .hex(bits: 32), "Identification"),
        ]
            + AssemblyFields.of(
                part: "ipv6.fragment", parts: "ipv6.fragments", whole: "ipv6.reassembled", noun: "fragment")
            + [
                AssemblyFields.completed("ipv6.reassembled.in", "Packet that completes the datagram") { context in
                    guard let header = try? IPv6FragmentHeader(context.header) else { return false }
                    return header.moreFragments || header.fragmentOffset > 0
                }
            ])
    static let mobility = ProtocolFields(
        .mobility, "mipv6", "Mobile IPv6",
        [
            .at(0, "mip6.proto", .unsigned(bits: 8), "Payload protocol"),
            .at(1, "mip6.hlen", .unsigned(bits: 8), "Header length"),
            .at(2, "mip6.mhtype", .unsigned(bits: 8), "Message type"),
        ])
    static let authentication = ProtocolFields(
        .authentication, "ah", "Authentication Header",
        [
            .at(0, "ah.next_header", .unsigned(bits: 8), "Next header"),
            .at(1, "ah.length", .unsigned(bits: 8), "Length, in units of four bytes less two"),
            .at(4, "ah.spi", .hex(bits: 32), "Security parameters index"),
            .at(8, "ah.sequence", .unsigned(bits: 32), "Sequence number"),
        ])
}
