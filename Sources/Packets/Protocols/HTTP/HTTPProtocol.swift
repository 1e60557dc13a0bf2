extension ProtocolDescription {
    static let http = ProtocolDescription(
        .http, "http", "Hypertext Transfer Protocol", role: .application,
        attachments: [
            .tcpPort(80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371),
            .content(over: .tcp) { record, cursor, _ in HTTPMessage.isLikely(record, cursor.start, cursor.end) },
        ],
        traits: [.followsConnection, .leavesRest],
        dissect: { HTTPMessage.dissect(.http, $0, &$1, &$2) },
        framing: HTTPFraming.framing,
        asks: HTTPMessage.asks,
        fields: HTTPFields.all.fields,
        line: .words(HTTPSummary.summarize))
}
