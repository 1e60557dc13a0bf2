/// What older wireless drivers put before an 802.11 frame: the AVS header (LINKTYPE_IEEE802_11_AVS) and Prism's
/// (LINKTYPE_IEEE802_11_PRISM), whose place some drivers gave to an AVS header.
enum WirelessPreamble {
    private static let avsMagic: UInt32 = 0x8021_1000
    private static let prismLength = 144

    static func dissectAVS(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.wirelessPreamble, required: 8, &layers) }
        let length = Int(record.uint32(at: cursor.start &+ 4))
        guard length >= 8 else { return cursor.malformed(.wirelessPreamble, .headerLength, at: 4, shown: 8, &layers) }
        guard cursor.has(length) else { return cursor.cut(.wirelessPreamble, required: length, &layers) }
        cursor.add(.wirelessPreamble, header: length, to: &layers)
        return .linkType(.ieee80211)
    }

    static func dissectPrism(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.wirelessPreamble, required: prismLength, &layers) }
        if record.uint32(at: cursor.start) & 0xffff_f000 == avsMagic { return dissectAVS(record, &cursor, &layers) }
        let code = record.uint32(at: cursor.start)
        // Some drivers leave the header out before some frames.
        guard code == 0x44 || code == 0x4400_0000 else { return .linkType(.ieee80211) }
        guard cursor.has(prismLength) else { return cursor.cut(.wirelessPreamble, required: prismLength, &layers) }
        cursor.add(.wirelessPreamble, header: prismLength, to: &layers)
        return .linkType(.ieee80211)
    }
}
