extension ProtocolDescription {
    static let icmpv6 = ProtocolDescription(
        .icmpv6, "icmpv6", "Internet Control Message Protocol v6", role: .network,
        attachments: [
            .ipProtocol(.icmpv6)
        ],
        dissect: ICMPv6Message.dissect,
        fields: ICMPv6Fields.all.fields,
        line: ICMPv6Line.form,
        box: { header in
            // RFC 4443 section 2.1: what the last word is depends on the type.
            guard header.byteCount > 0 else { return nil }
            let isEcho = [128, 129].contains(header.uint8(at: 0))
            let last: [HeaderLayout.Part] =
                isEcho ? [.hex("Identifier", 16), .number("Sequence number", 16)] : [.hex("Rest of header", 32)]
            let first: [HeaderLayout.Part] = [
                .field("icmpv6.type"), .field("icmpv6.code"), .field("icmpv6.checksum"),
            ]
            return HeaderLayout(ICMPv6Fields.all.fields, rest: "Data", first + last)
        })
}

extension IPProtocol {
    /// ICMP for IPv6 (RFC 4443).
    @inlinable public static var icmpv6: IPProtocol { IPProtocol(rawValue: 58) }
}
