/// The header of macOS's packet taps (LINKTYPE_PKTAP), little endian: its length, the record's kind, the link type.
enum PacketTapHeader {
    static let minimumLength = 108

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(12) else { return cursor.cut(.packetTap, required: minimumLength, &layers) }
        let start = cursor.start
        let length = Int(record.littleEndianUInt32(at: start))
        guard length >= minimumLength else {
            return cursor.malformed(.packetTap, .headerLength, at: 0, shown: 4, &layers)
        }
        guard cursor.has(length) else { return cursor.cut(.packetTap, required: length, &layers) }
        let kind = record.littleEndianUInt32(at: start &+ 4)
        let type = LinkType(rawValue: record.littleEndianUInt32(at: start &+ 8))
        cursor.add(.packetTap, header: length, to: &layers)
        return kind == 1 ? .linkType(type) : .data
    }
}

extension ProtocolDescription {
    static let packetTap = ProtocolDescription(
        .packetTap, "pktap", "PKTAP packet header", role: .link,
        attachments: [
            .linkType(.packetTap, .packetTapPrivate)
        ],
        dissect: PacketTapHeader.dissect)
}

extension LinkType {
    /// macOS's packet taps.
    public static let packetTap = LinkType(rawValue: 258)
    /// The number of `packetTap` in files that macOS wrote before it had its own: one of those for private use.
    public static let packetTapPrivate = LinkType(rawValue: 149)
}
