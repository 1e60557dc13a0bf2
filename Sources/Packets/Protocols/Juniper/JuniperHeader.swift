/// What Juniper's routers put before a captured packet (the LINKTYPE_JUNIPER_ family): a magic number, flags, and where
/// a flag says so extensions with their length.
///
///     +--------+--------+--------+--------+     +------------------+
///     | 0x4d   | 0x47   | 0x43   | Flags  |     | Length (2), …    |  flag 0x80
///     +--------+--------+--------+--------+     +------------------+
///
/// Flag 0x02 says that there is no link header: a little endian number of four bytes names the network protocol.
/// Otherwise the kind of interface, which the link type names, decides what follows: a cookie of some length and a
/// frame. Old systems wrote no magic number; then the cookie stands first.
enum JuniperHeader {
    /// The link types, one a kind of interface.
    static let interfaces: [LinkType] = [
        .juniperEthernet, .juniperPPPoE, .juniperCiscoHDLC, .juniperFrameRelay, .juniperVoice, .juniperPPP,
        .juniperMultilink, .juniperMultilinkFrameRelay, .juniperATM1, .juniperATM2, .juniperGGSN, .juniperServices,
    ]

    /// The packet came in; otherwise it went out.
    static let incomingFlag: UInt8 = 0x01
    private static let noLinkFlag: UInt8 = 0x02
    private static let extensionFlag: UInt8 = 0x80

    static func dissect(
        _ record: RawSpan, _ cursor: inout LayerCursor, _ layers: inout [LayerRange], interface: LinkType
    ) -> Handoff {
        guard cursor.has(4) else { return cursor.cut(.juniper, required: 4, &layers) }
        let start = cursor.start
        let flags = record.uint8(at: start &+ 3)
        var length = 0
        if record.uint32(at: start) >> 8 == 0x4d4743 {
            length = 4
            if flags & extensionFlag != 0 {
                guard cursor.has(6) else { return cursor.cut(.juniper, required: 6, &layers) }
                length = 6 &+ Int(record.uint16(at: start &+ 4))
            }
            guard flags & noLinkFlag == 0 else {
                guard cursor.has(length &+ 4) else { return cursor.cut(.juniper, required: length &+ 4, &layers) }
                let number = record.littleEndianUInt32(at: start &+ length)
                cursor.add(.juniper, header: length &+ 4, to: &layers)
                return content(number, &cursor)
            }
        }
        let needed = length &+ cookieBytes(interface)
        guard cursor.has(needed) else { return cursor.cut(.juniper, required: needed, &layers) }
        let (cookie, number) = frame(interface, flags, record, at: start &+ length, end: cursor.end)
        guard cursor.has(length &+ cookie) else { return cursor.cut(.juniper, required: length &+ cookie, &layers) }
        cursor.add(.juniper, header: length &+ cookie, to: &layers)
        return content(number, &cursor)
    }

    /// Bytes behind the header that the kind of interface needs to say what follows.
    private static func cookieBytes(_ interface: LinkType) -> Int {
        switch interface {
        case .juniperMultilink, .juniperMultilinkFrameRelay, .juniperATM1, .juniperATM2: 8
        case .juniperGGSN: 4
        default: 0
        }
    }

    /// How long the cookie is, and the number of what follows it.
    private static func frame(
        _ interface: LinkType, _ flags: UInt8, _ record: RawSpan, at start: Int, end: Int
    ) -> (cookie: Int, number: UInt32) {
        switch interface {
        case .juniperEthernet, .juniperPPPoE: (0, JuniperContent.ethernet)
        case .juniperCiscoHDLC: (0, JuniperContent.ciscoHDLC)
        case .juniperFrameRelay: (0, JuniperContent.frameRelay)
        case .juniperPPP: (2, JuniperContent.ppp)
        case .juniperVoice: (18, JuniperContent.ipv4)
        case .juniperServices: (flags & incomingFlag != 0 ? 16 : 12, JuniperContent.ipv4)
        case .juniperGGSN: (4, UInt32(record.littleEndianUInt16(at: start)))
        case .juniperMultilink: JuniperCookie.multilinkPPP(flags, record, at: start)
        case .juniperMultilinkFrameRelay: JuniperCookie.multilinkFrameRelay(flags, record, at: start, end: end)
        case .juniperATM1: JuniperCookie.atm(isSecond: false, flags, record, at: start, end: end)
        case .juniperATM2: JuniperCookie.atm(isSecond: true, flags, record, at: start, end: end)
        default: (0, JuniperContent.unknown)
        }
    }

    private static func content(_ number: UInt32, _ cursor: inout LayerCursor) -> Handoff {
        switch number {
        case JuniperContent.ipv4, 3: return .linkType(.ipv4)
        case JuniperContent.ipv6, 7: return .linkType(.ipv6)
        case 4, 5, 8, JuniperContent.mpls: return .etherType(.mpls)
        case JuniperContent.ppp: return .frame(.ppp)
        case JuniperContent.logicalLink, 203: return .frame(.logicalLink)
        case JuniperContent.ethernet: return .linkType(.ethernet)
        case JuniperContent.frameRelay: return .linkType(.frameRelay)
        case JuniperContent.ciscoHDLC: return .linkType(.ciscoHDLC)
        case 10, 33, JuniperContent.osi: return .serviceAccessPoint(0xfe)
        case 0xa248:  // four bytes more before IP; nobody knows what they say
            cursor.skip(4)
            return .linkType(.ipv4)
        case JuniperContent.unknown: return .data
        default: return .stop(.unsupported(after: .juniper, number: number))
        }
    }
}

/// Juniper's numbers for what a captured packet begins with.
enum JuniperContent {
    static let unknown: UInt32 = 0
    static let ipv4: UInt32 = 2
    static let ipv6: UInt32 = 6
    static let mpls: UInt32 = 32
    static let ppp: UInt32 = 200
    static let osi: UInt32 = 201
    static let logicalLink: UInt32 = 202
    static let ethernet: UInt32 = 204
    static let operation: UInt32 = 205
    static let signalling: UInt32 = 206
    static let frameRelay: UInt32 = 207
    static let ciscoHDLC: UInt32 = 208
}
