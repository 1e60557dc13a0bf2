/// Headers in UDP before a packet that somebody mirrored or relayed; only what follows counts.
enum MirrorHeader {
    /// Juniper's packet mirroring: two identifiers of four bytes, then IP, or PPP with its HDLC bytes.
    static func dissectJuniper(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        guard cursor.has(9) else { return cursor.cut(.jmirror, required: 9, &layers) }
        cursor.add(.jmirror, header: 8, to: &layers)
        return record.uint8(at: cursor.start) == 0xff ? .linkType(.pppHDLC) : ip(record, cursor)
    }

    /// Whether behind the identifiers stands one of these: an IPv4 header without options, IPv6, or PPP that carries
    /// them.
    static func isJuniper(_ record: RawSpan, _ start: Int, _ end: Int) -> Bool {
        guard start &+ 12 <= end else { return false }
        let word = record.uint32(at: start &+ 8)
        switch word >> 24 {
        case 0x45, 0x60...0x6f: return true
        case 0xff: return word & 0xffff_0fff == 0xff03_0021 || word == 0xff03_0057
        default: return false
        }
    }

    /// Automatic multicast tunneling (RFC 7450 section 5.1): queries and updates of membership carry an IGMP or MLD
    /// packet behind twelve bytes, type 6 a multicast packet behind two.
    static func dissectMulticast(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(2) else { return cursor.cut(.amt, required: 2, &layers) }
        let length: Int
        switch record.uint8(at: cursor.start) & 15 {
        case 4, 5: length = 12
        case 6: length = 2
        default:
            cursor.add(.amt, header: 2, to: &layers)
            return .data
        }
        guard cursor.has(length) else { return cursor.cut(.amt, required: length, &layers) }
        cursor.add(.amt, header: length, to: &layers)
        return cursor.has(1) ? ip(record, cursor) : .data
    }

    /// Cisco's LWAPP (RFC 5412 section 4.2): flags, fragment, length, status, and an 802.11 frame if the control bit is
    /// not set. What goes to the control port has an address of six bytes before that.
    static func dissectLWAPP(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        var isControl = false
        if let carrier = layers.last, carrier.kind == .udp {
            isControl = record.uint16(at: Int(carrier.start) &+ 2) == 12223
        }
        let length = isControl ? 12 : 6
        guard cursor.has(length) else { return cursor.cut(.lwapp, required: length, &layers) }
        let flags = record.uint8(at: cursor.start &+ length &- 6)
        cursor.add(.lwapp, header: length, to: &layers)
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
