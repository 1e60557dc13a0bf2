extension ProtocolDescription {
    static let ntp = ProtocolDescription(
        .ntp, "ntp", "Network Time Protocol", role: .application,
        attachments: [
            .udpPort(123)
        ],
        dissect: NTPPacket.dissect,
        fields: NTPFields.all.fields,
        line: .words(NTPSummary.summarize))
}
