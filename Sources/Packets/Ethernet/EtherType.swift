/// What an Ethernet frame carries (IANA "IEEE 802 Numbers").
public struct EtherType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let ipv4 = EtherType(rawValue: 0x0800)
    public static let arp = EtherType(rawValue: 0x0806)
    public static let ipv6 = EtherType(rawValue: 0x86dd)

    /// Values up to here are no types but lengths: IEEE 802.3 with an LLC header (IEEE 802.3 section 3.2.6).
    public static let lastLength: UInt16 = 1500
}
