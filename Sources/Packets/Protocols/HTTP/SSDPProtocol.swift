extension ProtocolDescription {
    static let ssdp = ProtocolDescription(
        .ssdp, "ssdp", "Simple Service Discovery Protocol", role: .application,
        attachments: [
            .udpPort(1900)
        ],
        dissect: { HTTPMessage.dissect(.ssdp, $0, &$1, &$2) },
        fields: HTTPFields.discovery.fields,
        line: .words(HTTPSummary.summarize))
}
