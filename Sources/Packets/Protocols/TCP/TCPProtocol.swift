extension ProtocolDescription {
    static let tcp = ProtocolDescription(
        .tcp, "tcp", "Transmission Control Protocol", role: .transport,
        attachments: [
            .ipProtocol(.tcp)
        ],
        dissect: TCPSegment.dissect,
        fields: TCPFields.all.fields,
        parts: TCPFields.all.parts,
        line: .core,
        titleWords: TCPLine.title,
        box: { _ in
            HeaderLayout(
                TCPFields.all.fields,
                [
                    // RFC 9293 section 3.1; the flags by their first letters, A for accurate ECN first.
                    .field("tcp.srcport"),
                    .field("tcp.dstport"),
                    .field("tcp.seq_raw", "Sequence number"),
                    .field("tcp.ack_raw", "Acknowledgment number"),
                    .number("Offset", 4, unit: 4),
                    .number("Rsrvd", 3),
                    .flags("ACEUAPRSF"),
                    .field("tcp.window_size_value", "Window"),
                    .field("tcp.checksum"),
                    .field("tcp.urgent_pointer"),
                ])
        })
}

extension IPProtocol {
    /// TCP (RFC 9293).
    @inlinable public static var tcp: IPProtocol { IPProtocol(rawValue: 6) }
}
