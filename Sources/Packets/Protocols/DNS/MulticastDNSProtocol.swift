extension ProtocolDescription {
    static let mdns = ProtocolDescription(
        .mdns, "mdns", "Multicast Domain Name System", role: .application,
        attachments: [
            .udpPort(5353)
        ],
        dissect: { DNSMessage.dissect(.mdns, $0, &$1, &$2) },
        asks: DNSMessage.asks,
        fields: DNSFields.multicast.fields,
        parts: DNSParts.shown,
        line: .words(DNSSummary.summarize),
        box: DNSLayout.box)
}
