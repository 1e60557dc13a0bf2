/// Tags that bridges and switches put between the addresses and the type of a frame, each announced by an EtherType and
/// ending with the type of what follows. Nothing of them is shown but that they are there; what counts is to get past
/// them.
enum FrameTag {
    /// A tag of fixed length whose last two bytes are the next type: 802.1BR's E-TAG (6+2), Cisco's VN-Tag (4+2) and
    /// metadata (6+2), the redundancy tags of HSR (IEC 62439-3, 4+2) and IEEE 802.1CB (4+2), Avaya's and Huawei's.
    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], as kind: LayerKind, length: Int
    ) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(kind, required: length, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ length &- 2))
        cursor.add(kind, header: length, to: &layers)
        return .etherType(type)
    }
}
