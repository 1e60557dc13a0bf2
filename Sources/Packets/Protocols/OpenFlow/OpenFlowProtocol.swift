import Text

extension ProtocolDescription {
    static let openFlow = ProtocolDescription(
        .openFlow, "openflow", "OpenFlow", role: .tunnel,
        attachments: [
            .tcpPort(6633, 6653)
        ],
        traits: [.claimsRest],
        dissect: OpenFlowMessages.dissect,
        resume: { record, cursor, _ in OpenFlowMessages.dissectNext(record, &cursor) },
        fields: [
            .at(0, "openflow.version", .hex(bits: 8), "Version") { $0.uint8(at: 0) < 4 },
            .at(1, "openflow_1_0.type", .unsigned(bits: 8), "Type") { $0.uint8(at: 0) == 1 },
            .at(2, "openflow.length", .unsigned(bits: 16), "Length") { $0.uint8(at: 0) == 1 },
            .at(4, "openflow.xid", .unsigned(bits: 32), "Transaction identifier") { $0.uint8(at: 0) == 1 },
            .at(0, "openflow_v4.version", .hex(bits: 8), "Version") { $0.uint8(at: 0) == 4 },
            .at(1, "openflow_v4.type", .unsigned(bits: 8), "Type") { $0.uint8(at: 0) == 4 },
        ],
        line: .tunnel { _, _, out in out.append(" OpenFlow") })
}
