extension ProtocolDescription {
    static let llmnr = ProtocolDescription(
        .llmnr, "llmnr", "Link-local Multicast Name Resolution", role: .application,
        attachments: [
            .udpPort(5355)
        ],
        dissect: { DNSMessage.dissect(.llmnr, $0, &$1, &$2) },
        asks: DNSMessage.asks,
        fields: DNSFields.linkLocal.fields,
        parts: DNSParts.shown,
        line: .words(DNSSummary.summarize),
        box: DNSLayout.box)
}
