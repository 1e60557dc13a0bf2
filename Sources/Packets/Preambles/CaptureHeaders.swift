/// Headers that an operating system or a capture card puts before a packet: they name the link type or the address
/// family of what follows and are passed.

/// The header of OpenBSD's packet filter log (LINKTYPE_PFLOG): its length in the first byte, rounded up to four, the
/// address family in the second.
enum PacketFilterLog {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(2) else { return cursor.cut(.packetFilterLog, required: 2, &layers) }
        let start = cursor.start
        let length = (Int(record.uint8(at: start)) &+ 3) & ~3
        guard length > 0 else { return cursor.malformed(.packetFilterLog, .headerLength, at: 0, shown: 2, &layers) }
        guard cursor.has(length) else { return cursor.cut(.packetFilterLog, required: length, &layers) }
        let family = record.uint8(at: start &+ 1)
        cursor.add(.packetFilterLog, header: length, to: &layers)
        switch family {
        case 2: return .linkType(.ipv4)
        case 24, 28, 30: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .packetFilterLog, number: UInt32(family)))
        }
    }
}

/// The header of OpenBSD's `enc` device, IPsec packets in the clear (LINKTYPE_ENC): address family in either byte
/// order, security parameters index, flags.
enum EncapsulationHeader {
    static let length = 12

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.encapsulationHeader, required: length, &layers) }
        let value = record.uint32(at: cursor.start)
        let family = value > 0xffff ? value.byteSwapped : value
        cursor.add(.encapsulationHeader, header: length, to: &layers)
        switch family {
        case 2: return .linkType(.ipv4)
        case 24: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .encapsulationHeader, number: family))
        }
    }
}

/// The header of macOS's packet taps (LINKTYPE_PKTAP), little endian: its length, the record's kind, the link type.
enum PacketTapHeader {
    static let minimumLength = 108

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(12) else { return cursor.cut(.packetTap, required: minimumLength, &layers) }
        let start = cursor.start
        let length = Int(record.littleEndianUInt32(at: start))
        guard length >= minimumLength else {
            return cursor.malformed(.packetTap, .headerLength, at: 0, shown: 4, &layers)
        }
        guard cursor.has(length) else { return cursor.cut(.packetTap, required: length, &layers) }
        let kind = record.littleEndianUInt32(at: start &+ 4)
        let type = LinkType(rawValue: record.littleEndianUInt32(at: start &+ 8))
        cursor.add(.packetTap, header: length, to: &layers)
        return kind == 1 ? .linkType(type) : .data
    }
}

/// The header of a record of Endace's capture cards (LINKTYPE_ERF): time, type, flags, record length, losses, wire
/// length.
enum ERFHeader {
    static let minimumLength = 16

    /// Bytes of header and extension headers, which follow while the first bit of the last says so; nil where it is
    /// cut.
    static func length(_ record: RawSpan) -> Int? {
        guard record.byteCount >= minimumLength else { return nil }
        var length = minimumLength
        var more = record.uint8(at: 8) & 0x80 != 0
        while more {
            guard record.byteCount >= length &+ 8 else { return nil }
            more = record.uint8(at: length) & 0x80 != 0
            length &+= 8
        }
        return length
    }

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard let length = length(record), cursor.start == 0 else {
            return cursor.cut(.erf, required: minimumLength, &layers)
        }
        let type = record.uint8(at: 8) & 0x7f
        cursor.limit(
            toLength: length &+ Int(record.uint16(at: 14))
                &+ (type == 2 || type == 11 || type == 16 || type == 20 ? 2 : 0))
        switch type {
        case 2, 11, 16, 20:  // Ethernet in its colours: an offset and a padding byte come first
            guard cursor.has(length &+ 2) else { return cursor.cut(.erf, required: length &+ 2, &layers) }
            cursor.add(.erf, header: length &+ 2, to: &layers)
            return .linkType(.ethernet)
        case 1, 10, 15, 17:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(cursor.has(1) && record.uint8(at: cursor.start) == 0xff ? .pppHDLC : .ciscoHDLC)
        case 22:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(.ipv4)
        case 23:
            cursor.add(.erf, header: length, to: &layers)
            return .linkType(.ipv6)
        default:
            cursor.add(.erf, header: length, to: &layers)
            return .stop(.unsupported(after: .erf, number: UInt32(type)))
        }
    }
}

/// The header of Solaris's IP observability devices (LINKTYPE_IPNET): version, address family, which way, length of the
/// packet, which ends the record, interfaces and zones.
enum IPNETHeader {
    static let length = 24

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.ipnet, required: length, &layers) }
        let start = cursor.start
        let family = record.uint8(at: start &+ 1)
        let offset = cursor.claimed &- Int(record.uint32(at: start &+ 4))
        guard offset >= 0 else { return cursor.malformed(.ipnet, .headerLength, at: 4, shown: length, &layers) }
        // The layer is the header; the packet may begin anywhere behind the length, as the length says.
        cursor.append(.ipnet, header: length, to: &layers)
        cursor.skip(offset)
        switch family {
        case 2: return .linkType(.ipv4)
        case 26: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .ipnet, number: UInt32(family)))
        }
    }
}

/// The header of Hilscher's cards (LINKTYPE_NETANALYZER), little endian: errors, bits for events and the header's
/// version, the frame's length.
enum NetAnalyzerHeader {
    static let length = 4
    private static let eventFlag: UInt8 = 0x01

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.netAnalyzer, required: length, &layers) }
        let bits = record.uint8(at: cursor.start &+ 1)
        cursor.add(.netAnalyzer, header: length, to: &layers)
        guard bits & eventFlag == 0, bits >> 2 & 15 == 1 else { return .data }
        return .linkType(.ethernet)
    }
}

/// The header of Redback's SmartEdge routers (LINKTYPE_REDBACK_SMARTEDGE): context, flags, circuit, length, the kind of
/// packet, and where its network layer and its data begin. Where the two differ, a link header lies between.
enum RedbackHeader {
    static let length = 24

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.redback, required: length, &layers) }
        let start = cursor.start
        let kind = record.uint16(at: start &+ 18)
        let network = Int(record.uint16(at: start &+ 20))
        let data = Int(record.uint16(at: start &+ 22))
        guard cursor.claimed >= network else { return cursor.cut(.redback, required: network, &layers) }
        cursor.append(.redback, header: length, to: &layers)
        cursor.skip(network)
        switch kind {
        case 1 where data != network, 2 where data != network: return .linkType(.ethernet)
        case 1: return .linkType(.ipv4)
        case 2: return .serviceAccessPoint(0xfe)  // OSI's network protocol
        case 3, 4, 8: return .linkType(.ethernet)
        default: return .stop(.unsupported(after: .redback, number: UInt32(kind)))
        }
    }
}

/// The header of Symantec's firewall (LINKTYPE 99): the interface's address, and the EtherType at the sixth byte of 44;
/// from version 3 on that is zero, and the type stands at the tenth of 56.
enum SymantecHeader {
    private static let length = 44
    private static let laterLength = 56

    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(length) else { return cursor.cut(.symantec, required: length, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 6))
        if type.rawValue != 0 {
            cursor.add(.symantec, header: length, to: &layers)
            return .etherType(type)
        }
        let laterType = EtherType(rawValue: record.uint16(at: cursor.start &+ 10))
        guard cursor.has(laterLength) else { return cursor.cut(.symantec, required: laterLength, &layers) }
        cursor.add(.symantec, header: laterLength, to: &layers)
        return .etherType(laterType)
    }
}
