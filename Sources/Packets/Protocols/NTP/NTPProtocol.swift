extension ProtocolDescription {
    static let ntp = ProtocolDescription(
        .ntp, "ntp", "Network Time Protocol", role: .application,
        attachments: [
            .udpPort(123)
        ],
        dissect: NTPPacket.dissect,
        // The mode: 3 client, 4 server (RFC 5905 section 7.3); peers and broadcasts neither ask nor answer.
        asks: { message in
            guard message.byteCount >= 1 else { return nil }
            return switch message.uint8(at: 0) & 7 {
            case 3: true
            case 4: false
            default: nil
            }
        },
        fields: NTPFields.all.fields,
        line: .words(NTPSummary.summarize))
}
