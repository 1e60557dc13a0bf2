import Text

extension ProtocolDescription {
    static let geneve = ProtocolDescription(
        .geneve, "geneve", "Generic Network Virtualization Encapsulation", role: .tunnel,
        attachments: [
            .udpPort(6081)
        ],
        dissect: GeneveHeader.dissect,
        fields: [
            .at(0, "geneve.version", .unsigned(bits: 2), "Version", mask: 0xc0),
            .at(2, "geneve.proto_type", .hex(bits: 16), "Protocol type"),
            .at(4, "geneve.vni", .hex(bits: 24), "Network identifier", length: 3),
        ],
        line: .tunnel { layer, record, out in
            out.append(" Geneve")
            guard let header = try? GeneveHeader(record.extracting(layer.range)) else { return }
            out.append(" vni ")
            out.append(decimal: UInt64(header.networkIdentifier))
        })
}
