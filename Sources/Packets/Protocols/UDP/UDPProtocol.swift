extension ProtocolDescription {
    static let udp = ProtocolDescription(
        .udp, "udp", "User Datagram Protocol", role: .transport,
        attachments: [
            .ipProtocol(.udp)
        ],
        traits: [.endsWithHeader],
        dissect: UDPDatagram.dissect,
        fields: UDPFields.all.fields,
        line: .core,
        titleWords: UDPLine.title,
        box: { _ in
            HeaderLayout(
                UDPFields.all.fields,
                [
                    // RFC 768.
                    .field("udp.srcport"),
                    .field("udp.dstport"),
                    .field("udp.length"),
                    .field("udp.checksum"),
                ])
        })
}

extension IPProtocol {
    /// UDP (RFC 768).
    @inlinable public static var udp: IPProtocol { IPProtocol(rawValue: 17) }
}
