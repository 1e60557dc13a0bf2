import Text

extension ProtocolDescription {
    static let gre = ProtocolDescription(
        .gre, "gre", "Generic Routing Encapsulation", role: .tunnel,
        attachments: [
            .ipProtocol(.gre),
            .udpPort(4754),
        ],
        dissect: GREHeader.dissect,
        fields: [
            .at(0, "gre.flags_and_version", .hex(bits: 16), "Flags and version"),
            .at(0, "gre.flags.checksum", .boolean, "Checksum is there", length: 2, mask: 0x8000),
            .at(0, "gre.flags.routing", .boolean, "Routing is there", length: 2, mask: 0x4000),
            .at(0, "gre.flags.key", .boolean, "Key is there", length: 2, mask: 0x2000),
            .at(0, "gre.flags.sequence_number", .boolean, "Sequence number is there", length: 2, mask: 0x1000),
            .at(0, "gre.flags.version", .unsigned(bits: 3), "Version", length: 2, mask: 0x0007),
            .at(2, "gre.proto", .hex(bits: 16), "Protocol type"),
            .of(GREHeader.self, "gre.key", .hex(bits: 32), "Key") { header in header.key.map { .unsigned(UInt64($0)) }
            },
        ],
        line: .tunnel { layer, record, out in
            out.append(" GRE")
            guard let header = try? GREHeader(record.extracting(layer.range)), header.version == 0,
                let key = header.key
            else { return }
            out.append(" key 0x")
            out.append(hex: UInt64(key))
        })
}

extension IPProtocol {
    /// Generic routing encapsulation (RFC 2784).
    public static let gre = IPProtocol(rawValue: 47)
}
