extension ProtocolDescription {
    static let sflow = ProtocolDescription(
        .sflow, "sflow", "InMon sFlow", role: .tunnel,
        attachments: [
            .udpPort(6343, accepts: { record, cursor, _ in SFlowDatagram.isLikely(record, cursor.start, cursor.end) })
        ],
        traits: [.claimsRest],
        dissect: SFlowDatagram.dissect,
        resume: SFlowDatagram.dissectNext)
}
