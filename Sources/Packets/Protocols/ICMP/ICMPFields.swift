/// The fields of an ICMP message.
enum ICMPFields {
    private static let isEcho: @Sendable (RawSpan) -> Bool = {
        [0, 8, 13, 14, 15, 16, 17, 18].contains($0.uint8(at: 0))
    }

    static let all = ProtocolFields(
        .icmp, "icmp", "Internet Control Message Protocol",
        [
            .at(0, "icmp.type", .unsigned(bits: 8), "Type", needed: 6, valueName: ValueNames.icmpType),
            .at(1, "icmp.code", .unsigned(bits: 8), "Code", needed: 6),
            .at(2, "icmp.checksum", .hex(bits: 16), "Checksum"),
            .checksumStatus("icmp.checksum.status", needed: 4),
            .at(4, "icmp.ident", .unsigned(bits: 16), "Identifier", where: isEcho),
            .at(6, "icmp.seq", .unsigned(bits: 16), "Sequence number", where: isEcho),
            littleEndian(4, "icmp.ident_le", "Identifier, its bytes swapped"),
            littleEndian(6, "icmp.seq_le", "Sequence number, its bytes swapped"),
            FieldDefinition("icmp.resp_to", .unsigned(bits: 32), "Answers the request in packet", needs: .analysis) {
                context, values in
                guard context.facts.transport.icmp.layer == context.layer.start,
                    context.facts.transport.icmp.request != 0
                else { return }
                values.append(.unsigned(UInt64(context.facts.transport.icmp.request)))
            },
            .at(6, "icmp.mtu", .unsigned(bits: 16), "Next hop's MTU") { $0.uint16(at: 0) == 0x0304 },
            .at(4, "icmp.redir_gw", .ipv4, "Gateway address") { $0.uint8(at: 0) == 5 },
            timestamp(8, "icmp.originate_timestamp", "Milliseconds since midnight when it was sent"),
            timestamp(12, "icmp.receive_timestamp", "Milliseconds since midnight when it was received"),
            timestamp(16, "icmp.transmit_timestamp", "Milliseconds since midnight when the answer was sent"),
        ])

    /// Some hosts count in the order of their processor's bytes.
    private static func littleEndian(_ offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 16), meaning) { context, values in
            guard context.header.byteCount >= offset + 2, isEcho(context.header) else { return }
            values.append(.unsigned(UInt64(context.header.littleEndianUInt16(at: offset))))
        }.hidden
    }

    /// RFC 792, "Timestamp or Timestamp Reply Message".
    private static func timestamp(_ offset: Int, _ name: String, _ meaning: String) -> FieldDefinition {
        FieldDefinition(name, .unsigned(bits: 32), meaning) { context, values in
            guard context.bytes.byteCount >= offset + 4, 13...14 ~= context.bytes.uint8(at: 0) else { return }
            values.append(.unsigned(UInt64(context.bytes.uint32(at: offset))))
        }
    }
}
