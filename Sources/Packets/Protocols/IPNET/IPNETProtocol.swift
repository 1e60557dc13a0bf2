/// The header of Solaris's IP observability devices (LINKTYPE_IPNET): version, address family, which way, length of the
/// packet, which ends the record, interfaces and zones.
enum IPNETHeader {
    static let length = 24

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.ipnet, required: length, &layers) }
        let start = cursor.start
        let family = record.uint8(at: start &+ 1)
        let offset = cursor.claimed &- Int(record.uint32(at: start &+ 4))
        guard offset >= 0 else { return cursor.malformed(.ipnet, .headerLength, at: 4, shown: length, &layers) }
        // The layer is the header; the packet may begin anywhere behind the length, as the length says.
        cursor.append(.ipnet, header: length, to: &layers)
        cursor.skip(offset)
        switch family {
        case 2: return .linkType(.ipv4)
        case 26: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .ipnet, number: UInt32(family)))
        }
    }
}

extension ProtocolDescription {
    static let ipnet = ProtocolDescription(
        .ipnet, "ipnet", "Solaris IPNET", role: .link,
        attachments: [
            .linkType(.ipnet)
        ],
        dissect: IPNETHeader.dissect,
        fields: [
            .at(1, "ipnet.family", .unsigned(bits: 8), "Address family"),
            .at(4, "ipnet.pktlen", .unsigned(bits: 32), "Data length"),
            .at(16, "ipnet.zsrc", .unsigned(bits: 32), "Source zone"),
            .at(20, "ipnet.zdst", .unsigned(bits: 32), "Destination zone"),
        ])
}

extension LinkType {
    /// Solaris's IP observability devices.
    public static let ipnet = LinkType(rawValue: 226)
}
