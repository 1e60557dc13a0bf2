/// Arista's tag: subtype, version, then for time stamps (subtype 1) as many bytes as the version's low half says.
enum TimestampTag {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(4) else { return cursor.cut(.timestampTag, required: 4, &layers) }
        let subtype = record.uint16(at: cursor.start)
        let version = record.uint8(at: cursor.start &+ 3)
        let time = subtype == 1 ? (version == 0x10 ? 8 : version == 0x20 ? 6 : 0) : 0
        return FrameTag.dissect(record, &cursor, &layers, as: .timestampTag, length: 4 &+ time &+ 2)
    }
}

extension ProtocolDescription {
    static let timestampTag = ProtocolDescription(
        .timestampTag, "avsp", "Arista Vendor Specific Protocol", role: .link,
        attachments: [
            .etherType(.timestampTag)
        ],
        dissect: TimestampTag.dissect,
        fields: [
            .at(0, "avsp.sub_type", .hex(bits: 16), "Subtype"),
            .at(2, "avsp.ver", .hex(bits: 16), "Version"),
        ])
}

extension EtherType {
    /// What Arista's switches put into mirrored frames.
    public static let timestampTag = EtherType(rawValue: 0xd28b)
}
