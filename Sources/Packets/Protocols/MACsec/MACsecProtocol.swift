/// IEEE 802.1AE: what is encrypted stays data; with integrity alone the frame goes on after the tag. The check
/// value of 16 bytes at its end is padding to what is inside (section 9).
enum MACsecTag {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(6) else { return cursor.cut(.macsec, required: 6, &layers) }
        let control = record.uint8(at: cursor.start)
        // The first bit is the version.
        if control & 0x80 != 0 {
            return .stop(.unsupported(after: .ethernet, number: UInt32(EtherType.macsec.rawValue)))
        }
        let length = control & 0x20 != 0 ? 14 : 6
        guard cursor.has(length) else { return cursor.cut(.macsec, required: length, &layers) }
        cursor.add(.macsec, header: length, to: &layers)
        guard control & 0x0c == 0 else { return .stop(.unsupported(after: .macsec, number: UInt32(control))) }
        guard cursor.has(17) else { return .stop(cursor.missing(17, for: .macsec)) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start))
        cursor.skip(2)
        return .etherType(type)
    }
}

extension ProtocolDescription {
    static let macsec = ProtocolDescription(
        .macsec, "macsec", "802.1AE Security tag", role: .link,
        attachments: [
            .etherType(.macsec)
        ],
        dissect: MACsecTag.dissect)
}

extension EtherType {
    /// IEEE 802.1AE, frames that are encrypted or guarded against changes.
    public static let macsec = EtherType(rawValue: 0x88e5)
}
