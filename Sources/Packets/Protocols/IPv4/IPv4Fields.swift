import Addressing

/// The fields of an IPv4 packet.
enum IPv4Fields {
    /// With a source route the destination is the route's last address: the options have to be there to know.
    private static func destination(_ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .ipv4, meaning, place: FieldPlace(offset: 16, length: 4)) { context, values in
            guard let packet = try? IPv4Packet(context.header), let destination = packet.finalDestination else {
                return
            }
            values.append(.ipv4(destination))
        }
    }

    static let all = ProtocolFields(
        .ipv4, "ip", "Internet Protocol Version 4",
        [
            .at(0, "ip.version", .unsigned(bits: 4), "Version", mask: 0xf0),
            .at(0, "ip.hdr_len", .unsigned(bits: 8), "Header length", mask: 0x0f, scale: 4),
            .at(1, "ip.dsfield", .hex(bits: 8), "Differentiated services field"),
            .at(1, "ip.dsfield.dscp", .unsigned(bits: 6), "Differentiated services codepoint", mask: 0xfc),
            .at(1, "ip.dsfield.ecn", .unsigned(bits: 2), "Explicit congestion notification", mask: 0x03),
            FieldDefinition("ip.len", .unsigned(bits: 16), "Total length", place: FieldPlace(offset: 2, length: 2)) {
                context, values in
                guard context.header.byteCount >= 4 else { return }
                let length = context.header.uint16(at: 2)
                // 0 is what segmentation offload leaves: then the packet is as long as what carries it.
                values.append(
                    .unsigned(
                        length == 0 ? UInt64(clamping: context.layer.claimedEnd &- context.layer.start) : UInt64(length)
                    ))
            },
            .at(4, "ip.id", .hex(bits: 16), "Identification"),
            .at(6, "ip.flags", .hex(bits: 8), "Flags", mask: 0xe0, needed: 8),
            .at(6, "ip.flags.rb", .boolean, "Reserved bit", mask: 0x80, needed: 8),
            .at(6, "ip.flags.df", .boolean, "Don't fragment", mask: 0x40, needed: 8),
            .at(6, "ip.flags.mf", .boolean, "More fragments", mask: 0x20, needed: 8),
            // In units of eight bytes, as it stands there.
            .at(6, "ip.frag_offset", .unsigned(bits: 13), "Fragment offset", length: 2, mask: 0x1fff),
            .at(8, "ip.ttl", .unsigned(bits: 8), "Time to live"),
            .at(9, "ip.proto", .unsigned(bits: 8), "Protocol", valueName: ValueNames.ipProtocol),
            .at(10, "ip.checksum", .hex(bits: 16), "Header checksum"),
            .checksumStatus("ip.checksum.status", needed: 12),
            .at(12, "ip.src", .ipv4, "Source address"),
            destination("ip.dst", "Destination address"),
            .at(12, "ip.addr", .ipv4, "Source or destination address"),
            destination("ip.addr", "Source or destination address"),
            host("ip.src_host", "Source host") { $0.source },
            host("ip.host", "Source or destination host") { $0.source },
            host("ip.dst_host", "Destination host") { $0.finalDestination },
            host("ip.host", "Source or destination host") { $0.finalDestination },
        ] + IPv4OptionFields.all
            + AssemblyFields.of(
                part: "ip.fragment", parts: "ip.fragments", whole: "ip.reassembled", noun: "fragment")
            + [
                AssemblyFields.completed("ip.reassembled_in", "Packet that completes the datagram") { context in
                    guard let packet = try? IPv4Packet(context.header) else { return false }
                    return packet.moreFragments || packet.fragmentOffset > 0
                }
            ])

    private static func host(
        _ name: String, _ meaning: String, _ address: @escaping @Sendable (borrowing IPv4Packet) -> IPv4Address?
    ) -> FieldDefinition {
        FieldDefinition(name, .text, meaning) { context, values in
            guard let packet = try? IPv4Packet(context.header), let address = address(packet) else { return }
            values.append(.hostIPv4(address))
        }.hidden
    }
}
