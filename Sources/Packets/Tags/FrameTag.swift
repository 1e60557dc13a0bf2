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

    /// IEEE 802.1ah, MAC in MAC: four bytes of service tag, then the customer's addresses and type.
    static func dissectMACInMAC(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        dissect(record, &cursor, &layers, as: .macInMAC, length: 18)
    }

    /// Arista's tag: subtype, version, then for time stamps (subtype 1) as many bytes as the version's low half says.
    static func dissectTimestamp(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(4) else { return cursor.cut(.timestampTag, required: 4, &layers) }
        let subtype = record.uint16(at: cursor.start)
        let version = record.uint8(at: cursor.start &+ 3)
        let time = subtype == 1 ? (version == 0x10 ? 8 : version == 0x20 ? 6 : 0) : 0
        return dissect(record, &cursor, &layers, as: .timestampTag, length: 4 &+ time &+ 2)
    }

    /// IEEE 802.1AE: what is encrypted stays data; with integrity alone the frame goes on after the tag. The check
    /// value of 16 bytes at its end is padding to what is inside (section 9).
    static func dissectMACsec(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
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

    /// TRILL (RFC 6325 section 3): six bytes and options in words, then an Ethernet frame.
    static func dissectTRILL(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(6) else { return cursor.cut(.trill, required: 6, &layers) }
        let words = Int(record.uint16(at: cursor.start) >> 6 & 0x1f)
        let length = 6 &+ 4 &* words
        guard cursor.has(length) else { return cursor.cut(.trill, required: length, &layers) }
        cursor.add(.trill, header: length, to: &layers)
        return .linkType(.ethernet)
    }

    /// The network service header (RFC 8300 section 2.2): its length in words in six bits, what follows in the fourth
    /// byte.
    static func dissectNSH(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.nsh, required: 8, &layers) }
        let start = cursor.start
        var length = 4 &* Int(record.uint8(at: start &+ 1) & 0x3f)
        switch record.uint8(at: start &+ 2) {
        case 1: length = 24  // four words of context, no less and no more (section 2.4)
        case 2:
            length = max(8, length)
            guard cursor.has(length) else { return cursor.cut(.nsh, required: length, &layers) }
            // Metadata of any length (section 2.5.1): class, type, its length in bytes, and padding to whole words.
            var position = 8
            while position < length {
                guard cursor.has(position &+ 4) else { return cursor.cut(.nsh, required: position &+ 4, &layers) }
                let size = Int(record.uint8(at: start &+ position &+ 3) & 0x7f)
                guard cursor.has(position &+ 4 &+ size) else {
                    return cursor.cut(.nsh, required: position &+ 4 &+ size, &layers)
                }
                position &+= 4 &+ (size &+ 3) & ~3
            }
        default: length = max(8, length)
        }
        guard cursor.has(length) else { return cursor.cut(.nsh, required: length, &layers) }
        let next = record.uint8(at: start &+ 3)
        cursor.add(.nsh, header: length, to: &layers)
        switch next {
        case 1: return .linkType(.ipv4)
        case 2: return .linkType(.ipv6)
        case 3: return .linkType(.ethernet)
        case 4: return .etherType(.networkServiceHeader)
        case 5: return .etherType(.mpls)
        default: return .stop(.unsupported(after: .nsh, number: UInt32(next)))
        }
    }

    /// B.A.T.M.A.N. advanced, version 15: only unicast packets (0x40) and broadcasts (0x01) carry a frame.
    static func dissectBatman(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.batman, required: 2, &layers) }
        let type = record.uint8(at: cursor.start)
        let version = record.uint8(at: cursor.start &+ 1)
        let length: Int
        switch (version, type) {
        case (15, 0x40): length = 10
        case (15, 0x42): length = 18
        case (15, 0x01): length = 14
        case (14, 0x03): length = 10
        case (14, 0x09): length = 18
        case (14, 0x04): length = 14
        default:
            cursor.add(.batman, header: 2, to: &layers)
            return .data
        }
        guard cursor.has(length) else { return cursor.cut(.batman, required: length, &layers) }
        cursor.add(.batman, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}
