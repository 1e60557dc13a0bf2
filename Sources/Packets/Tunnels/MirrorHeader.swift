/// Headers in UDP before a packet that somebody mirrored or relayed; only what follows counts.
enum MirrorHeader {
    /// Juniper's packet mirroring: two identifiers of four bytes, then IP.
    static func dissectJuniper(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(9) else { return cursor.cut(.jmirror, required: 9, &layers) }
        cursor.add(.jmirror, header: 8, to: &layers)
        return ip(record, cursor)
    }

    /// Automatic multicast tunneling (RFC 7450 section 5.1.6): type 6 carries a multicast packet behind two bytes.
    static func dissectMulticast(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.amt, required: 2, &layers) }
        let type = record.uint8(at: cursor.start) & 15
        cursor.add(.amt, header: 2, to: &layers)
        return type == 6 && cursor.has(1) ? ip(record, cursor) : .data
    }

    /// Cisco's LWAPP in UDP (RFC 5412 section 4.2): six bytes of address before the header where it begins with one, then
    /// flags, fragment, length, status, and an 802.11 frame if the control bit is not set.
    static func dissectLWAPP(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(12) else { return cursor.cut(.lwapp, required: 12, &layers) }
        let flags = record.uint8(at: cursor.start &+ 6)
        cursor.add(.lwapp, header: 12, to: &layers)
        if flags & 0x04 != 0 { return .data }
        return .linkType(.ieee80211)
    }

    private static func ip(_ record: RawSpan, _ cursor: LayerCursor) -> Handoff {
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: .linkType(.ipv4)
        case 6: .linkType(.ipv6)
        default: .data
        }
    }
}
