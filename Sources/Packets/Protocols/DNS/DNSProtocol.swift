extension ProtocolDescription {
    static let dns = ProtocolDescription(
        .dns, "dns", "Domain Name System", role: .application,
        attachments: [
            .udpPort(53),
            .tcpPort(53, 5353, via: DNSMessage.dissectOverTCP),
            .content(over: .udp) { record, cursor, _ in
                DNSMessage.isLikely(record, cursor.start, cursor.end, cursor.claimedEnd)
            },
        ],
        dissect: { DNSMessage.dissect(.dns, $0, &$1, &$2) },
        framing: DNSMessage.framing,
        asks: DNSMessage.asks,
        fields: DNSFields.all.fields,
        parts: DNSParts.shown,
        line: .words(DNSSummary.summarize),
        box: DNSLayout.box)
}
