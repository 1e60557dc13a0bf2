/// The header of OpenBSD's packet filter log (LINKTYPE_PFLOG): its length in the first byte, rounded up to four, the
/// address family in the second.
enum PacketFilterLog {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.packetFilterLog, required: 2, &layers) }
        let start = cursor.start
        let length = (Int(record.uint8(at: start)) &+ 3) & ~3
        guard length > 0 else { return cursor.malformed(.packetFilterLog, .headerLength, at: 0, shown: 2, &layers) }
        guard cursor.has(length) else { return cursor.cut(.packetFilterLog, required: length, &layers) }
        let family = record.uint8(at: start &+ 1)
        cursor.add(.packetFilterLog, header: length, to: &layers)
        switch family {
        case 2: return .linkType(.ipv4)
        case 24, 28, 30: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .packetFilterLog, number: UInt32(family)))
        }
    }
}

extension ProtocolDescription {
    static let packetFilterLog = ProtocolDescription(
        .packetFilterLog, "pflog", "OpenBSD Packet Filter log", role: .link,
        attachments: [
            .linkType(.packetFilterLog)
        ],
        dissect: PacketFilterLog.dissect,
        fields: [
            .at(0, "pflog.length", .unsigned(bits: 8), "Header length"),
            .at(1, "pflog.af", .unsigned(bits: 8), "Address family"),
        ])
}

extension LinkType {
    /// OpenBSD's packet filter log (LINKTYPE_PFLOG).
    public static let packetFilterLog = LinkType(rawValue: 117)
}
