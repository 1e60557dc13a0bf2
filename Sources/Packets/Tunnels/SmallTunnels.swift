/// Tunnels whose header says nothing worth a view: they are passed.

/// Ethernet in IP (RFC 3378): two bytes, the version in the first four bits.
enum EtherIPHeader {
    static let length = 2

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.etherIP, required: length, &layers) }
        cursor.add(.etherIP, header: length, to: &layers)
        return .linkType(.ethernet)
    }
}

/// LISP's data plane (RFC 9300 section 5.1): eight bytes of flags, nonce and locators, then an IP packet.
enum LISPHeader {
    static let length = 8

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.lisp, required: length, &layers) }
        cursor.add(.lisp, header: length, to: &layers)
        guard cursor.has(1) else { return .data }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: return .linkType(.ipv4)
        case 6: return .linkType(.ipv6)
        default: return .data
        }
    }
}

/// A PIM message (RFC 7761 section 4.9): only Register, type 1, carries a packet, behind eight bytes.
enum PIMMessage {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.pim, required: 4, &layers) }
        let first = record.uint8(at: cursor.start)
        guard first == 0x21 else {
            cursor.add(.pim, header: 4, to: &layers)
            return .data
        }
        guard cursor.has(8) else { return cursor.cut(.pim, required: 8, &layers) }
        cursor.add(.pim, header: 8, to: &layers)
        guard cursor.has(1) else { return .data }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: return .linkType(.ipv4)
        case 6: return .linkType(.ipv6)
        default: return .data
        }
    }
}
