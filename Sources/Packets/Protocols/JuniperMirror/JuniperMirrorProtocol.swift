/// Juniper's packet mirroring: two identifiers of four bytes, then IP, or PPP with its HDLC bytes.
enum JuniperMirrorHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(9) else { return cursor.cut(.jmirror, required: 9, &layers) }
        cursor.add(.jmirror, header: 8, to: &layers)
        return record.uint8(at: cursor.start) == 0xff ? .linkType(.pppHDLC) : .packet(record, cursor)
    }

    /// Whether behind the identifiers stands one of these: an IPv4 header without options, IPv6, or PPP that carries
    /// them.
    static func isLikely(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard start &+ 12 <= end else { return false }
        let word = record.uint32(at: start &+ 8)
        switch word >> 24 {
        case 0x45, 0x60...0x6f: return true
        case 0xff: return word & 0xffff_0fff == 0xff03_0021 || word == 0xff03_0057
        default: return false
        }
    }
}

extension ProtocolDescription {
    static let jmirror = ProtocolDescription(
        .jmirror, "jmirror", "Juniper Packet Mirror", role: .tunnel,
        attachments: [
            .udpPort(
                30030, accepts: { record, cursor, _ in JuniperMirrorHeader.isLikely(record, cursor.start, cursor.end) })
        ],
        traits: [.claimsRest],
        dissect: JuniperMirrorHeader.dissect)
}
