/// The header of Hilscher's cards (LINKTYPE_NETANALYZER), little endian: errors, bits for events and the header's
/// version, the frame's length.
enum NetAnalyzerHeader {
    static let length = 4
    private static let eventFlag: UInt8 = 0x01

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.netAnalyzer, required: length, &layers) }
        let bits = record.uint8(at: cursor.start &+ 1)
        cursor.add(.netAnalyzer, header: length, to: &layers)
        guard bits & eventFlag == 0, bits >> 2 & 15 == 1 else { return .data }
        return .linkType(.ethernet)
    }
}

extension ProtocolDescription {
    static let netAnalyzer = ProtocolDescription(
        .netAnalyzer, "netanalyzer", "netANALYZER", role: .link,
        attachments: [
            .linkType(.netAnalyzer)
        ],
        dissect: NetAnalyzerHeader.dissect)
}

extension LinkType {
    /// Ethernet as Hilscher's cards capture it.
    public static let netAnalyzer = LinkType(rawValue: 240)
}
