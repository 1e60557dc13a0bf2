/// IP over InfiniBand (LINKTYPE_IPOIB): a global routing header of 40 bytes, an EtherType, two reserved bytes.
enum InfiniBandIPHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(44) else { return cursor.cut(.infiniBandIP, required: 44, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 40))
        cursor.add(.infiniBandIP, header: 44, to: &layers)
        return .etherType(type)
    }
}

extension ProtocolDescription {
    static let infiniBandIP = ProtocolDescription(
        .infiniBandIP, "ipoib", "IP over Infiniband", role: .link,
        attachments: [
            .linkType(.ipOverInfiniBand)
        ],
        dissect: InfiniBandIPHeader.dissect)
}

extension LinkType {
    /// IP over InfiniBand (LINKTYPE_IPOIB).
    public static let ipOverInfiniBand = LinkType(rawValue: 242)
}
