/// The header of Redback's SmartEdge routers (LINKTYPE_REDBACK_SMARTEDGE): context, flags, circuit, length, the kind of
/// packet, and where its network layer and its data begin. Where the two differ, a link header lies between.
enum RedbackHeader {
    static let length = 24

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.redback, required: length, &layers) }
        let start = cursor.start
        let kind = record.uint16(at: start &+ 18)
        let network = Int(record.uint16(at: start &+ 20))
        let data = Int(record.uint16(at: start &+ 22))
        guard cursor.claimed >= network else { return cursor.cut(.redback, required: network, &layers) }
        cursor.append(.redback, header: length, to: &layers)
        cursor.skip(network)
        switch kind {
        case 1 where data != network, 2 where data != network: return .linkType(.ethernet)
        case 1: return .linkType(.ipv4)
        case 2: return .serviceAccessPoint(0xfe)  // OSI's network protocol
        case 3, 4, 8: return .linkType(.ethernet)
        default: return .stop(.unsupported(after: .redback, number: UInt32(kind)))
        }
    }
}

extension ProtocolDescription {
    static let redback = ProtocolDescription(
        .redback, "redback", "Redback", role: .link,
        attachments: [
            .linkType(.redback)
        ],
        dissect: RedbackHeader.dissect)
}

extension LinkType {
    /// Redback's SmartEdge routers (LINKTYPE_REDBACK_SMARTEDGE).
    public static let redback = LinkType(rawValue: 32)
}
