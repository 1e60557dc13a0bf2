import Addressing
import Text

extension ProtocolDescription {
    static let ipv6 = ProtocolDescription(
        .ipv6, "ipv6", "Internet Protocol Version 6", role: .network,
        attachments: [
            .etherType(.ipv6),
            .ipProtocol(.ipv6),
            .ipVersion([6]),
            .linkType(.ipv6),
            .pppProtocol(0x0057, EtherType.ipv6.rawValue),
            .greProtocol(EtherType.ipv6.rawValue),
            .networkLayerID(0x8e),
            .channelType(0x0057),
        ],
        traits: [.endsWithHeader],
        dissect: IPv6Packet.dissect,
        fields: IPv6Fields.all.fields,
        line: .core,
        titleWords: { context, out in
            guard let packet = try? IPv6Packet(context.bytes) else { return }
            out.append(", Src: ")
            packet.source.write(to: &out)
            out.append(", Dst: ")
            packet.destination.write(to: &out)
        },
        box: { _ in
            HeaderLayout(
                IPv6Fields.all.fields,
                [
                    // RFC 8200 section 3.
                    .field("ipv6.version"),
                    .number("Traffic class", 8),
                    .field("ipv6.flow"),
                    .field("ipv6.plen"),
                    .field("ipv6.nxt"),
                    .field("ipv6.hlim"),
                    .field("ipv6.src"),
                    .field("ipv6.dst"),
                ])
        })
}

extension LinkType {
    /// An IPv6 packet without a link header (LINKTYPE_IPV6).
    public static let ipv6 = LinkType(rawValue: 229)
}

extension EtherType {
    /// IPv6 (RFC 2464).
    @inlinable public static var ipv6: EtherType { EtherType(rawValue: 0x86dd) }
}

extension IPProtocol {
    /// IPv6 in IP (RFC 4213).
    public static let ipv6 = IPProtocol(rawValue: 41)
}
