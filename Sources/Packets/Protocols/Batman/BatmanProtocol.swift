/// B.A.T.M.A.N. advanced, version 15: only unicast packets (0x40) and broadcasts (0x01) carry a frame.
enum BatmanHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.batman, required: 2, &layers) }
        let type = record.uint8(at: cursor.start)
        let version = record.uint8(at: cursor.start &+ 1)
        let length: Int
        switch (version, type) {
        case (15, 0x40): length = 10
        case (15, 0x42): length = 18
        case (15, 0x01): length = 14
        case (14, 0x03): length = 10
        case (14, 0x09): length = 18
        case (14, 0x04): length = 14
        default:
            cursor.add(.batman, header: 2, to: &layers)
            return .data
        }
        guard cursor.has(length) else { return cursor.cut(.batman, required: length, &layers) }
        cursor.add(.batman, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let batman = ProtocolDescription(
        .batman, "batadv", "B.A.T.M.A.N. Advanced Protocol", role: .link,
        attachments: [
            .etherType(.batman)
        ],
        dissect: BatmanHeader.dissect)
}

extension EtherType {
    /// B.A.T.M.A.N. advanced, a mesh's routing on the link layer.
    public static let batman = EtherType(rawValue: 0x4305)
}
