import Text

extension ProtocolDescription {
    static let vxlan = ProtocolDescription(
        .vxlan, "vxlan", "Virtual eXtensible Local Area Network", role: .tunnel,
        attachments: [
            .udpPort(4789),
            .udpPort(4790, via: VXLANHeader.dissectGeneric),
        ],
        traits: [.endsWithHeader],
        dissect: VXLANHeader.dissect,
        fields: [
            .at(0, "vxlan.flags", .hex(bits: 16), "Flags"),
            .at(4, "vxlan.vni", .unsigned(bits: 24), "Network identifier", length: 3),
        ],
        line: .tunnel { layer, record, out in
            out.append(" VXLAN")
            guard let header = try? VXLANHeader(record.extracting(layer.range)) else { return }
            out.append(" vni ")
            out.append(decimal: UInt64(header.networkIdentifier))
        },
        box: { _ in
            HeaderLayout(
                [],
                [
                    // RFC 7348 section 5.
                    .hex("Flags", 8),
                    .hex("Reserved", 24),
                    .number("VXLAN network identifier", 24),
                    .hex("Reserved", 8),
                ])
        })
}
