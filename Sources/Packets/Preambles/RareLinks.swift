/// Link layers that one meets once in a while; what counts is what they carry.

/// ARCNET (RFC 1201): source, destination, system code, then for long packets a split flag and a sequence number. Linux
/// writes two bytes of offset between (LINKTYPE_ARCNET_LINUX).
enum ARCNETFrame {
    static func dissect(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], hasOffset: Bool)
        -> Handoff
    {
        let code = hasOffset ? 4 : 2
        guard cursor.has(code &+ 1) else { return cursor.cut(.arcnet, required: code &+ 1, &layers) }
        let system = record.uint8(at: cursor.start &+ code)
        var length = code &+ 1
        if !isUnfragmented(system) {
            guard cursor.has(length &+ 1) else { return cursor.cut(.arcnet, required: length &+ 1, &layers) }
            // An exception packet repeats itself behind four bytes.
            if !hasOffset, record.uint8(at: cursor.start &+ length) == 0xff { length &+= 4 }
            length &+= 3
        }
        guard cursor.has(length) else { return cursor.cut(.arcnet, required: length, &layers) }
        cursor.add(.arcnet, header: length, to: &layers)
        switch system {
        case 212, 240: return .linkType(.ipv4)
        case 213, 214, 241: return .etherType(.arp)
        case 196: return .linkType(.ipv6)
        default: return .stop(.unsupported(after: .arcnet, number: UInt32(system)))
        }
    }

    /// RFC 1051's IP and ARP, diagnosis and BACnet: their packets are never split.
    private static func isUnfragmented(_ system: UInt8) -> Bool {
        switch system {
        case 128, 205, 240, 241: true
        default: false
        }
    }
}

/// Headers of fixed length with the type of what follows, or an LLC header behind them.
enum RareLink {
    /// IP over fibre channel (RFC 2625): two network addresses of eight bytes, then LLC.
    static func dissectFibreChannel(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(16) else { return cursor.cut(.fibreChannelIP, required: 16, &layers) }
        cursor.add(.fibreChannelIP, header: 16, to: &layers)
        return .frame(.logicalLink)
    }

    /// Apple's IP over IEEE 1394: two addresses of eight bytes and an EtherType.
    static func dissectFirewire(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        guard cursor.has(18) else { return cursor.cut(.firewire, required: 18, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 16))
        cursor.add(.firewire, header: 18, to: &layers)
        return .etherType(type)
    }

    /// IP over InfiniBand (LINKTYPE_IPOIB): a global routing header of 40 bytes, an EtherType, two reserved bytes.
    static func dissectInfiniBand(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(44) else { return cursor.cut(.infiniBandIP, required: 44, &layers) }
        let type = EtherType(rawValue: record.uint16(at: cursor.start &+ 40))
        cursor.add(.infiniBandIP, header: 44, to: &layers)
        return .etherType(type)
    }

    /// SunATM (LINKTYPE_SUNATM): the kind of traffic in the first byte's low half, the circuit, then an LLC header, or
    /// a LAN emulation header of two bytes and an Ethernet frame.
    static func dissectSunATM(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.sunATM, required: 4, &layers) }
        let kind = record.uint8(at: cursor.start) & 15
        let circuit = record.uint32(at: cursor.start) & 0xff_ffff
        cursor.add(.sunATM, header: 4, to: &layers)
        switch kind {
        case 1:
            guard cursor.has(2) else { return .stop(cursor.missing(2, for: .sunATM)) }
            cursor.skip(2)
            return .linkType(.ethernet)
        case 2: return .frame(.logicalLink)
        case 5, 6: return .data  // management of the link, signalling
        default: return circuit == 5 ? .data : guessed(record, &cursor)
        }
    }

    /// Where nothing says what a circuit carries, its first bytes do.
    private static func guessed(_ record: RawSpan, _ cursor: inout LayerCursor) -> Handoff {
        guard cursor.has(8) else { return .data }
        let start = record.uint32(at: cursor.start)
        if start >> 8 == 0xaaaa03 { return .frame(.logicalLink) }
        if start >> 16 & 0xff == 0x21 { return .frame(.ppp) }
        if start >> 16 == 0 {  // the padding before a bridged frame (RFC 2684 section 6.2)
            cursor.skip(2)
            return .linkType(.ethernet)
        }
        switch start >> 28 {
        case 4: return .linkType(.ipv4)
        case 6: return .linkType(.ipv6)
        default: return .data
        }
    }

    /// Cisco's ISL: 26 bytes around an Ethernet frame, recognized by its destination address.
    static func dissectInterSwitchLink(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        guard cursor.has(26) else { return cursor.cut(.interSwitchLink, required: 26, &layers) }
        let kind = record.uint8(at: cursor.start &+ 5) >> 4
        let length = Int(record.uint16(at: cursor.start &+ 12))
        if length > 0 { cursor.claim(14 &+ length) }
        guard cursor.has(26) else { return cursor.cut(.interSwitchLink, required: 26, &layers) }
        cursor.add(.interSwitchLink, header: 26, to: &layers)
        switch kind {
        case 0:
            cursor.checkLength = 4
            return .linkType(.ethernet)
        case 1: return .linkType(.tokenRing)
        default: return .data
        }
    }

    /// Cisco's FabricPath: addresses made of switch numbers, perhaps a VLAN tag, the type 0x8903 and a tag of two bytes
    /// around an Ethernet frame.
    static func dissectFabricPath(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange])
        -> Handoff
    {
        let isTagged = cursor.has(14) && record.uint16(at: cursor.start &+ 12) != EtherType.fabricPath.rawValue
        let length = isTagged ? 20 : 16
        guard cursor.has(length) else { return cursor.cut(.fabricPath, required: length, &layers) }
        cursor.add(.fabricPath, header: length, to: &layers)
        cursor.dropTrailer(min(4, cursor.claimed))  // the checksum is of the outer frame
        return .linkType(.ethernet)
    }

    /// An Ethernet frame with what comes before it on the wire (LINKTYPE_ETHERNET_MPACKET; IEEE 802.3br section 99.3):
    /// up to seven bytes of preamble, the first perhaps in part, and the delimiter of an express frame. Its checksum is
    /// at its end. Frames that give way to others come in pieces, which stay data.
    static func dissectExpress(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff
    {
        var length = 0
        if cursor.has(1), record.uint8(at: cursor.start) == 0x50 { length = 1 }
        while cursor.has(length &+ 3), record.uint8(at: cursor.start &+ length) == 0x55 { length &+= 1 }
        guard cursor.has(length &+ 1) else { return cursor.cut(.expressFrame, required: length &+ 1, &layers) }
        let delimiter = record.uint8(at: cursor.start &+ length)
        switch delimiter {
        case 0xd5:
            cursor.add(.expressFrame, header: length &+ 1, to: &layers)
        case 0xe6, 0x4c, 0x7f, 0xb3, 0x61, 0x52, 0x9e, 0x2a, 0x07, 0x19:  // pieces, verification and its answer
            cursor.add(.expressFrame, header: length &+ 1, to: &layers)
            return .stop(.unsupported(after: .expressFrame, number: UInt32(delimiter)))
        default: return .linkType(.ethernet)  // nothing of this is there
        }
        cursor.checkLength = 4
        return .linkType(.ethernet)
    }

    /// The Tazmen sniffer protocol: version, type, the encapsulated link, then tagged fields up to tag 1.
    static func dissectTZSP(_ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange]) -> Handoff {
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
