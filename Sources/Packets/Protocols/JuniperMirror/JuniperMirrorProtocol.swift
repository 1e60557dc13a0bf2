extension ProtocolDescription {
    static let jmirror = ProtocolDescription(
        .jmirror, "jmirror", "Juniper Packet Mirror", role: .tunnel,
        attachments: [
            .udpPort(30030, accepts: { record, cursor, _ in MirrorHeader.isJuniper(record, cursor.start, cursor.end) })
        ],
        traits: [.claimsRest],
        dissect: MirrorHeader.dissectJuniper)
}
