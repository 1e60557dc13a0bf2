extension ProtocolDescription {
    static let icmp = ProtocolDescription(
        .icmp, "icmp", "Internet Control Message Protocol", role: .network,
        attachments: [
            .ipProtocol(.icmp)
        ],
        dissect: ICMPMessage.dissect,
        fields: ICMPFields.all.fields,
        line: ICMPLine.form,
        box: { header in
            // RFC 792: what the last word is depends on the type.
            guard header.byteCount > 0 else { return nil }
            let isEcho = [0, 8, 13, 14].contains(header.uint8(at: 0))
            let last: [HeaderLayout.Part] =
                isEcho ? [.hex("Identifier", 16), .number("Sequence number", 16)] : [.hex("Rest of header", 32)]
            let first: [HeaderLayout.Part] = [
                .field("icmp.type"), .field("icmp.code"), .field("icmp.checksum"),
            ]
            return HeaderLayout(ICMPFields.all.fields, rest: "Data", first + last)
        })
}

extension IPProtocol {
    /// ICMP for IPv4 (RFC 792).
    public static let icmp = IPProtocol(rawValue: 1)
}
