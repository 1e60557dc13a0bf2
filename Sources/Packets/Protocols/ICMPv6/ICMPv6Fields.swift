/// The fields of an ICMPv6 message.
enum ICMPv6Fields {
    private static let isEcho: @Sendable (RawSpan) -> Bool = { 128...129 ~= $0.uint8(at: 0) }

    static let all = ProtocolFields(
        .icmpv6, "icmpv6", "Internet Control Message Protocol v6",
        [
            .at(0, "icmpv6.type", .unsigned(bits: 8), "Type", valueName: ValueNames.icmpv6Type),
            .at(1, "icmpv6.code", .unsigned(bits: 8), "Code"),
            .at(2, "icmpv6.checksum", .hex(bits: 16), "Checksum"),
            .checksumStatus("icmpv6.checksum.status", needed: 4),
            .at(4, "icmpv6.echo.identifier", .hex(bits: 16), "Identifier", where: isEcho),
            .at(6, "icmpv6.echo.sequence_number", .unsigned(bits: 16), "Sequence number", where: isEcho),
            .at(4, "icmpv6.mtu", .unsigned(bits: 32), "MTU") { $0.uint8(at: 0) == 2 },
        ] + NeighbourDiscoveryFields.all)
}
