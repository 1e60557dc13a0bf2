import Addressing
import Text

extension ProtocolDescription {
    static let ipv4 = ProtocolDescription(
        .ipv4, "ip", "Internet Protocol Version 4", role: .network,
        attachments: [
            .etherType(.ipv4),
            .ipProtocol(.ipv4),
            // Whatever is no IPv6 is tried: its version tells what it is not.
            .ipVersion((0...15).filter { $0 != 6 }),
            .linkType(.ipv4, .classicalIPOverATM, .bsdATM, .bsdHDLC, .bsdSLIP),
            .linkType(.raw, via: { RawIP.dissect($0, &$1, $2, .raw) }),
            .linkType(.rawDLT, via: { RawIP.dissect($0, &$1, $2, .rawDLT) }),
            .linkType(.rawOpenBSD, via: { RawIP.dissect($0, &$1, $2, .rawOpenBSD) }),
            .pppProtocol(0x0021, EtherType.ipv4.rawValue),
            .greProtocol(EtherType.ipv4.rawValue, 0x883e),
            .networkLayerID(0xcc),
            .servicePoint(0x06),
            .channelType(0x0021),
        ],
        traits: [.endsWithHeader],
        dissect: IPv4Packet.dissect,
        fields: IPv4Fields.all.fields,
        line: .core,
        titleWords: { context, out in
            guard let packet = try? IPv4Packet(context.bytes) else { return }
            out.append(", Src: ")
            packet.source.write(to: &out)
            out.append(", Dst: ")
            packet.destination.write(to: &out)
        },
        box: { _ in
            HeaderLayout(
                IPv4Fields.all.fields,
                [
                    // RFC 791 section 3.1, with the traffic class as RFC 2474 and RFC 3168 divide it.
                    .field("ip.version"),
                    .field("ip.hdr_len", "IHL", unit: 4),
                    .field("ip.dsfield.dscp", "DSCP"),
                    .field("ip.dsfield.ecn", "ECN"),
                    .field("ip.len"),
                    .field("ip.id"),
                    .flags("0DM"),
                    .field("ip.frag_offset", unit: 8),
                    .field("ip.ttl"),
                    .field("ip.proto"),
                    .field("ip.checksum"),
                    .field("ip.src"),
                    .field("ip.dst"),
                ])
        })
}

extension LinkType {
    /// An IPv4 packet without a link header (LINKTYPE_IPV4).
    public static let ipv4 = LinkType(rawValue: 228)
    /// Raw IP as the DLT number that some systems wrote into files; LINKTYPE_RAW is 101.
    public static let rawDLT = LinkType(rawValue: 12)
    /// Raw IP as OpenBSD numbers it.
    public static let rawOpenBSD = LinkType(rawValue: 14)
    /// Raw IP: the version nibble says whether IPv4 or IPv6.
    public static let raw = LinkType(rawValue: 101)
    /// A bare IPv4 packet under the number 16, which old files have.
    public static let bsdHDLC = LinkType(rawValue: 16)
    /// A bare IPv4 packet under the number 18, which old files have.
    public static let bsdATM = LinkType(rawValue: 18)
    /// A bare IPv4 packet under the number 19, which old files have.
    public static let bsdSLIP = LinkType(rawValue: 19)
    /// Linux's classical IP over ATM: the header is cut off (LINKTYPE_ATM_CLIP).
    public static let classicalIPOverATM = LinkType(rawValue: 106)
}

extension EtherType {
    /// IPv4 (RFC 894).
    @inlinable public static var ipv4: EtherType { EtherType(rawValue: 0x0800) }
}

extension IPProtocol {
    /// IPv4 in IP (RFC 2003).
    public static let ipv4 = IPProtocol(rawValue: 4)
}
