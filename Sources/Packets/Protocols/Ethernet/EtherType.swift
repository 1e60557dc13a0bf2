/// What an Ethernet frame carries (IANA "IEEE 802 Numbers").
public struct EtherType: RawRepresentable, Hashable, Sendable {
    /// The number as it is sent.
    public let rawValue: UInt16

    /// Any number, known or not.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Whether the number names a protocol that captures are known to have: what a guess at an Ethernet frame rests on.
    var isKnown: Bool {
        switch rawValue {
        case 0x0800, 0x0806, 0x2000, 0x22f3, 0x6003, 0x6558, 0x8035, 0x809b, 0x80f3, 0x8100, 0x8137, 0x86dd, 0x8809,
            0x8847, 0x8848, 0x8863,
            0x8864, 0x886f, 0x888e, 0x88a8, 0x88cc, 0x88e5, 0x88e7, 0x88f7, 0x8902, 0x9000, 0x9100:
            true
        default: false
        }
    }

    /// Values up to here are no types but lengths: IEEE 802.3 with an LLC header (IEEE 802.3 section 3.2.6).
    public static let lastLength: UInt16 = 1500
}
