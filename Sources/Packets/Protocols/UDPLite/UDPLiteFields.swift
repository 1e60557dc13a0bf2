/// The fields of a UDP-Lite datagram: the ports have UDP's names.
enum UDPLiteFields {
    static let all = ProtocolFields(
        .udplite, "udplite", "Lightweight User Datagram Protocol",
        [
            .at(0, "udp.srcport", .unsigned(bits: 16), "Source port", needed: 4),
            .at(2, "udp.dstport", .unsigned(bits: 16), "Destination port"),
            .at(0, "udp.port", .unsigned(bits: 16), "Source or destination port", needed: 4),
            .at(2, "udp.port", .unsigned(bits: 16), "Source or destination port"),
            FieldDefinition("udp.length", .unsigned(bits: 16), "Length, as IP says") { context, values in
                guard context.header.byteCount >= 6 else { return }
                values.append(.unsigned(UInt64(clamping: context.layer.claimedEnd &- context.layer.start)))
            },
            .at(4, "udp.checksum_coverage", .unsigned(bits: 16), "Checksum coverage"),
            .at(6, "udp.checksum", .hex(bits: 16), "Checksum"),
            .checksumStatus("udp.checksum.status", needed: 8),
            UDPFields.stream,
        ])
}
