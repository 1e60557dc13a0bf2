extension ProtocolDescription {
    static let packetFilterLog = ProtocolDescription(
        .packetFilterLog, "pflog", "OpenBSD Packet Filter log", role: .link,
        attachments: [
            .linkType(.packetFilterLog)
        ],
        dissect: PacketFilterLog.dissect,
        fields: [
            .at(0, "pflog.length", .unsigned(bits: 8), "Header length"),
            .at(1, "pflog.af", .unsigned(bits: 8), "Address family"),
        ])
}
