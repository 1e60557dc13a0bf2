/// The cookies of Juniper's service and ATM cards: how long they are and what they say about the packet behind them.
/// The first byte names the kind; where there is none, the bytes of the packet have to do.
///
///     +--------+--------+--------+--------+--------+--------+--------+--------+
///     |  Kind  |   …                      | …   Dir|        | Proto .|        |   0x40, 0x47: 8 bytes; 0x54: 4 bytes
///     +--------+--------+--------+--------+--------+--------+--------+--------+
enum JuniperCookie {
    /// Incoming at the routing engine: both bits of the direction.
    private static let bothDirections: UInt8 = 3
    private static let unnumbered: UInt8 = 0x03

    /// Multilink PPP. The eight bytes of a cookie are there.
    static func multilinkPPP(_ flags: UInt8, _ record: RawSpan, at start: Int) -> (Int, UInt32) {
        switch record.uint8(at: start) {
        case 0x54: return (4, JuniperContent.ppp)
        case 0x40, 0x47:
            guard record.uint8(at: start &+ 5) & 0xf0 == 0 else { return (8, protocolNumber(record, at: start)) }
            let isRouting = flags & JuniperHeader.incomingFlag != 0 && direction(record, at: start) != bothDirections
            return (8, isRouting ? JuniperContent.ppp : JuniperContent.ipv4)
        default: break
        }
        // A link of a bundle has PPP's address and control field, or two bytes of cookie, or neither.
        if record.uint16(at: start) == 0xff03 {
            return (isPPP(record.uint16(at: start &+ 4)) ? 4 : 2, JuniperContent.ppp)
        }
        if isPPP(record.uint16(at: start &+ 2)) { return (2, JuniperContent.ppp) }
        return (0, isPPP(record.uint16(at: start)) ? JuniperContent.ppp : JuniperContent.unknown)
    }

    /// Multilink frame relay (FRF.15).
    static func multilinkFrameRelay(_ flags: UInt8, _ record: RawSpan, at start: Int, end: Int) -> (Int, UInt32) {
        switch record.uint8(at: start) {
        case 0x54:
            var length = 4
            if record.uint16(at: start &+ 4) == 0x0003 || record.uint16(at: start &+ 4) == 0x0300 { length = 6 }
            if record.uint8(at: start &+ length) == unnumbered { length &+= 1 }
            return (length, JuniperContent.osi)
        case 0x40, 0x47:
            guard record.uint8(at: start &+ 5) & 0xf0 == 0 else { return (8, protocolNumber(record, at: start)) }
            guard direction(record, at: start) == bothDirections else { return (8, JuniperContent.ipv4) }
            return start &+ 8 < end && record.uint8(at: start &+ 8) == unnumbered
                ? (9, JuniperContent.osi) : (8, JuniperContent.unknown)
        default: break
        }
        switch record.uint16(at: start &+ 2) {
        case 0x0308: return (3, JuniperContent.signalling)
        case 0x0003, 0x0300: return (4, JuniperContent.osi)
        case 0x0300...0x03ff: return (3, JuniperContent.osi)
        default: return (0, JuniperContent.unknown)
        }
    }

    /// The first ATM card has four bytes of cookie, the second eight; then comes whatever the circuit carries.
    static func atm(isSecond: Bool, _ flags: UInt8, _ record: RawSpan, at start: Int, end: Int) -> (Int, UInt32) {
        let length = isSecond && flags & 0x02 == 0 ? 8 : 4
        let isCell = isSecond ? record.uint8(at: start &+ 7) & 0x70 != 0 : record.uint8(at: start) == 0x80
        if isCell { return (length, JuniperContent.operation) }
        let content = start &+ length
        guard content &+ 3 <= end else { return (length, JuniperContent.unknown) }
        let word = record.uint16(at: content)
        let isLogicalLink = record.uint8(at: content &+ 2) == unnumbered && (word == 0xaaaa || word == 0xfefe)
        if isLogicalLink { return (length, JuniperContent.logicalLink) }
        if isSecond {
            // Of outgoing packets the cookie counts the gaps where a frame is bridged.
            if flags & JuniperHeader.incomingFlag == 0, record.uint8(at: start &+ 3) & 0x3f != 0 {
                return (length, JuniperContent.ethernet)
            }
            if isPPP(word) { return (length, JuniperContent.ppp) }
        }
        switch word >> 8 {
        case 0x03: return (length &+ 1, JuniperContent.osi)
        case 0x45...0x4f: return (length, JuniperContent.ipv4)
        case 0x60...0x6f: return (length, JuniperContent.ipv6)
        default: return (length, JuniperContent.unknown)
        }
    }

    private static func direction(_ record: RawSpan, at start: Int) -> UInt8 { record.uint8(at: start &+ 4) & 3 }

    /// What a cookie of eight bytes names other than IPv4.
    private static func protocolNumber(_ record: RawSpan, at start: Int) -> UInt32 {
        switch record.uint8(at: start &+ 5) & 0xf0 {
        case 0x10: JuniperContent.ipv6
        case 0x20: JuniperContent.mpls
        case 0x30: JuniperContent.osi
        default: JuniperContent.unknown
        }
    }

    /// The PPP protocols that the routers capture: IP, OSI, MPLS, multilink, IPv6, and the control protocols of all of
    /// them.
    private static func isPPP(_ number: UInt16) -> Bool {
        switch number {
        case 0x0021, 0x0023, 0x003d, 0x0057, 0x0281, 0x0283, 0x8021, 0x8023, 0x8057, 0x8281, 0xc021, 0xc023, 0xc223:
            true
        default: false
        }
    }
}
