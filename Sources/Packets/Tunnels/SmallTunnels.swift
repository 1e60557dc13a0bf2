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
        return cursor.has(1) ? byVersion(record, cursor) : .data
    }

    /// The control plane (RFC 9301 section 5.8): only an encapsulated message, type 8, carries a packet, behind four
    /// bytes.
    static func dissectControl(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        guard cursor.has(4) else { return cursor.cut(.lispControl, required: 4, &layers) }
        let type = record.uint8(at: cursor.start) >> 4
        cursor.add(.lispControl, header: 4, to: &layers)
        return type == 8 && cursor.has(1) ? byVersion(record, cursor) : .data
    }

    private static func byVersion(_ record: RawSpan, _ cursor: LayerCursor) -> Handoff {
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: .linkType(.ipv4)
        case 6: .linkType(.ipv6)
        default: .data
        }
    }
}

/// A Mobile IP message (RFC 5944): only what is tunnelled through a network address translator, type 4, carries a
/// packet, whose protocol stands in the second of four bytes (RFC 3519 section 4.1).
enum MobileIPMessage {
    private static let tunnelled: UInt8 = 4

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.mobileIP, required: 4, &layers) }
        let type = record.uint8(at: cursor.start)
        let number = IPProtocol(rawValue: record.uint8(at: cursor.start &+ 1))
        cursor.add(.mobileIP, header: 4, to: &layers)
        return type == tunnelled && cursor.has(1) ? .ipProtocol(number) : .data
    }
}

/// Anything in anything (draft-massar-v6ops-ayiya section 3): four half bytes say how long identity and signature are
/// and what is to be done, the fourth byte is the protocol number of what follows.
enum AYIYAHeader {
    private static let forward: UInt8 = 1

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(8) else { return cursor.cut(.ayiya, required: 8, &layers) }
        let start = cursor.start
        let identity = 1 << Int(record.uint8(at: start) >> 4)
        let length = 8 &+ identity &+ 4 &* Int(record.uint8(at: start &+ 1) >> 4)
        guard cursor.has(length) else { return cursor.cut(.ayiya, required: length, &layers) }
        let operation = record.uint8(at: start &+ 2) & 15
        let number = IPProtocol(rawValue: record.uint8(at: start &+ 3))
        cursor.add(.ayiya, header: length, to: &layers)
        return operation == forward ? .ipProtocol(number) : .data
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
