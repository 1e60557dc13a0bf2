/// Cisco's FabricPath: addresses made of switch numbers, perhaps a VLAN tag, the type 0x8903 and a tag of two bytes
/// around an Ethernet frame.
enum FabricPathHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        let isTagged = cursor.has(14) && record.uint16(at: cursor.start &+ 12) != EtherType.fabricPath.rawValue
        let length = isTagged ? 20 : 16
        guard cursor.has(length) else { return cursor.cut(.fabricPath, required: length, &layers) }
        cursor.add(.fabricPath, header: length, to: &layers)
        cursor.dropTrailer(min(4, cursor.claimed))  // the checksum is of the outer frame
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let fabricPath = ProtocolDescription(
        .fabricPath, "cfp", "Cisco FabricPath", role: .link,
        attachments: [
            .frame(.fabricPath)
        ],
        dissect: FabricPathHeader.dissect)
}

extension EtherType {
    /// Cisco's FabricPath.
    public static let fabricPath = EtherType(rawValue: 0x8903)
}
