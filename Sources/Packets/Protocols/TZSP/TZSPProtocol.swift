/// The Tazmen sniffer protocol: version, type, the encapsulated link, then tagged fields up to tag 1.
enum TZSPHeader {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.tzsp, required: 4, &layers) }
        let start = cursor.start
        let type = record.uint8(at: start &+ 1)
        let encapsulated = record.uint16(at: start &+ 2)
        var length = 4
        guard type != 4, type != 5 else {  // keeping the connection or a port open
            cursor.add(.tzsp, header: length, to: &layers)
            return .data
        }
        while true {
            guard cursor.has(length &+ 1) else { return cursor.cut(.tzsp, required: length &+ 1, &layers) }
            let tag = record.uint8(at: start &+ length)
            length &+= 1
            if tag == 1 { break }
            if tag == 0 { continue }
            guard cursor.has(length &+ 1) else { return cursor.cut(.tzsp, required: length &+ 1, &layers) }
            length &+= 1 &+ Int(record.uint8(at: start &+ length))
        }
        cursor.add(.tzsp, header: length, to: &layers)
        switch encapsulated {
        case 1: return .linkType(.ethernet)
        case 2: return .linkType(.tokenRing)
        case 4: return .linkType(.pppHDLC)
        case 5: return .linkType(.fddi)
        case 7: return .linkType(.raw)
        case 18: return .linkType(.ieee80211)
        case 119: return .linkType(.ieee80211Prism)
        case 126: return .linkType(.ieee80211Radiotap)
        case 127: return .linkType(.ieee80211AVS)
        default: return .stop(.unsupported(after: .tzsp, number: UInt32(encapsulated)))
        }
    }
}

extension ProtocolDescription {
    static let tzsp = ProtocolDescription(
        .tzsp, "tzsp", "Tazmen Sniffer Protocol", role: .link,
        attachments: [
            .linkType(.tzsp),
            .udpPort(37008),
        ],
        dissect: TZSPHeader.dissect)
}

extension LinkType {
    /// The Tazmen sniffer protocol (LINKTYPE_TZSP).
    public static let tzsp = LinkType(rawValue: 128)
}
