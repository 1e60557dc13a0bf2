extension ProtocolDescription {
    static let tls = ProtocolDescription(
        .tls, "tls", "Transport Layer Security", role: .application,
        attachments: [
            // Of a segment that opens a connection only the bytes decide.
            .tcpPort(
                443, 465, 636, 853, 993, 995, 2443, 5061, 5671, 5684, 5868, 8883, 27017,
                accepts: { record, cursor, isOpening in
                    !isOpening || TLSRecords.isHeader(record, cursor.start, cursor.end)
                }),
            .content(over: .tcp, .opening) { record, cursor, _ in
                TLSRecords.isClientHello(record, cursor.start, cursor.end)
            },
            .content(over: .tcp) { record, cursor, _ in TLSRecords.isLikely(record, cursor.start, cursor.end) },
        ],
        traits: [.followsConnection],
        dissect: TLSRecords.dissect,
        framing: TLSRecords.framing,
        pieces: TLSFlight.pieces,
        asks: TLSRecords.asks,
        fields: TLSFields.all.fields,
        line: .words(TLSSummary.summarize))
}
