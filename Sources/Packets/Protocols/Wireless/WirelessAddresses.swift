import Addressing

/// The addresses of a management or data frame. What the third and fourth are depends on the way through the
/// distribution system (IEEE 802.11 table 9-30):
///
///     to DS  from DS   address 1     address 2     address 3     address 4
///       0       0      destination   source        cell          -
///       0       1      destination   cell          source        -
///       1       0      cell          source        destination   -
///       1       1      receiver      transmitter   destination   source
struct WirelessAddresses {
    /// As many as the frame has, in their order.
    let all: [MACAddress]
    let destination: MACAddress
    let source: MACAddress
    /// The cell's identifier (BSSID); a frame between access points has none.
    let cell: MACAddress?

    /// nil for other frames, and where the header is not there.
    init?(_ header: RawSpan) {
        guard header.byteCount >= 24 else { return nil }
        let control = header.uint8(at: 0)
        guard control & 3 == 0, control >> 2 & 3 != 1, control >> 2 & 3 != 3 else { return nil }
        let isData = control >> 2 & 3 == 2
        let (first, second, third) = (header.macAddress(at: 4), header.macAddress(at: 10), header.macAddress(at: 16))
        switch isData ? header.uint8(at: 1) & 3 : 0 {
        case 1: (destination, source, cell, all) = (third, second, first, [first, second, third])
        case 2: (destination, source, cell, all) = (first, third, second, [first, second, third])
        case 3:
            guard header.byteCount >= 30 else { return nil }
            let fourth = header.macAddress(at: 24)
            (destination, source, cell, all) = (third, fourth, nil, [first, second, third, fourth])
        default: (destination, source, cell, all) = (first, second, third, [first, second, third])
        }
    }

    /// A station that asks for what waits has its number in the duration's place.
    static func hasDuration(_ header: RawSpan) -> Bool {
        header.uint8(at: 0) != 0xa4 && header.uint8(at: 3) & 0x80 == 0
    }

    /// Where a management frame names its network (IEEE 802.11 section 9.4.2.2): the first element behind the fixed
    /// fields.
    static func networkName(_ frame: RawSpan) -> Range<Int>? {
        guard frame.byteCount >= 24 else { return nil }
        let fixed: Int
        switch frame.uint8(at: 0) {
        case 0x00: fixed = 4  // association request
        case 0x20: fixed = 10  // reassociation request
        case 0x40: fixed = 0  // probe request
        case 0x50, 0x80: fixed = 12  // probe response, beacon
        default: return nil
        }
        let start = 24 + fixed
        guard frame.byteCount >= start + 2, frame.uint8(at: start) == 0 else { return nil }
        let end = start + 2 + Int(frame.uint8(at: start + 1))
        return end <= frame.byteCount && end > start + 2 ? start + 2..<end : nil
    }
}
