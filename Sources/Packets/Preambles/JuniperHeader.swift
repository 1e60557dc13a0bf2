/// What Juniper's routers put before a captured packet (the LINKTYPE_JUNIPER_ family): a magic number, flags, and where a flag
/// says so extensions with their length.
///
///     +--------+--------+--------+--------+     +------------------+
///     | 0x4d   | 0x47   | 0x43   | Flags  |     | Length (2), …    |  flag 0x80
///     +--------+--------+--------+--------+     +------------------+
///
/// Flag 0x02 says that there is no link header: a little endian number of four bytes names the network protocol. Otherwise the
/// kind of interface, which the link type names, decides what follows: a cookie of some length and a frame.
enum JuniperHeader {
    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], interface: LinkType
    ) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.juniper, required: 4, &layers) }
        let start = cursor.start
        var length = 0
        var flags: UInt8 = 0
        if record.uint32(at: start) >> 8 == 0x4d4743 {
            flags = record.uint8(at: start &+ 3)
            length = 4
            if flags & 0x80 != 0 {
                guard cursor.has(6) else { return cursor.cut(.juniper, required: 6, &layers) }
                length = 6 &+ Int(record.uint16(at: start &+ 4))
            }
        }
        guard cursor.has(length) else { return cursor.cut(.juniper, required: length, &layers) }
        if flags & 0x02 != 0 {
            guard cursor.has(length &+ 4) else { return cursor.cut(.juniper, required: length &+ 4, &layers) }
            let number = record.uint8(at: start &+ length)
            cursor.add(.juniper, header: length &+ 4, to: &layers)
            return network(UInt32(number))
        }
        let (cookie, next) = frame(interface)
        guard cursor.has(length &+ cookie) else { return cursor.cut(.juniper, required: length &+ cookie, &layers) }
        let first = cookie > 0 ? record.uint8(at: start &+ length) : 0
        cursor.add(.juniper, header: length &+ cookie, to: &layers)
        if let next { return .linkType(next) }
        if interface == .juniperATM1, first == 0x80 { return .data }
        return guess(record, cursor)
    }

    /// What follows a cookie, by its first bytes: LLC, a PPP protocol number, or an IP header.
    private static func guess(_ record: RawSpan, _ cursor: LayerCursor) -> Handoff {
        guard cursor.has(2) else { return .data }
        let word = record.uint16(at: cursor.start)
        switch word {
        case 0xaaaa, 0xfefe: return .logicalLink
        case 0x0021, 0x0057, 0x0281, 0x0283, 0x0023, 0x002b, 0x8021, 0x8023, 0x8057, 0xc021, 0xc023, 0xc223, 0x0031, 0x003d: return .pppFrame
        default: break
        }
        switch word >> 8 {
        case 0x45...0x4f: return .linkType(.ipv4)
        case 0x60...0x6f: return .linkType(.ipv6)
        default: return .data
        }
    }

    /// Bytes before the frame and its link type; nil where the first bytes decide.
    private static func frame(_ interface: LinkType) -> (cookie: Int, next: LinkType?) {
        switch interface {
        case .juniperEthernet, .juniperPPPoE: (0, .ethernet)
        case .juniperCiscoHDLC: (0, .ciscoHDLC)
        case .juniperFrameRelay: (0, .frameRelay)
        case .juniperPPP: (2, nil)
        case .juniperATM1: (4, nil)
        case .juniperATM2: (8, nil)
        case .juniperVoice: (18, nil)
        default: (0, nil)
        }
    }

    private static func network(_ number: UInt32) -> Handoff {
        switch number {
        case 2, 3: .linkType(.ipv4)
        case 6, 7: .linkType(.ipv6)
        case 4, 5, 8, 32: .etherType(.mpls)
        case 200: .pppFrame
        case 202, 203: .logicalLink
        case 204: .linkType(.ethernet)
        case 207: .linkType(.frameRelay)
        case 208: .linkType(.ciscoHDLC)
        case 10, 33, 201: .serviceAccessPoint(0xfe)
        default: .stop(.unsupported(after: .juniper, number: number))
        }
    }
}
