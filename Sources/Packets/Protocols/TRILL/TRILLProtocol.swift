/// TRILL (RFC 6325 section 3): six bytes and options in words, then an Ethernet frame.
enum TRILLHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(6) else { return cursor.cut(.trill, required: 6, &layers) }
        let words = Int(record.uint16(at: cursor.start) >> 6 & 0x1f)
        let length = 6 &+ 4 &* words
        guard cursor.has(length) else { return cursor.cut(.trill, required: length, &layers) }
        cursor.add(.trill, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let trill = ProtocolDescription(
        .trill, "trill", "TRILL", role: .link,
        attachments: [
            .etherType(.trill)
        ],
        dissect: TRILLHeader.dissect)
}

extension EtherType {
    /// Frames between routing bridges (RFC 6325).
    public static let trill = EtherType(rawValue: 0x22f3)
}
