/// What an Ethernet frame carries (IANA "IEEE 802 Numbers").
public struct EtherType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let ipv4 = EtherType(rawValue: 0x0800)
    public static let arp = EtherType(rawValue: 0x0806)
    public static let ipv6 = EtherType(rawValue: 0x86dd)
    /// RARP (RFC 903): ARP's own packet.
    public static let rarp = EtherType(rawValue: 0x8035)
    /// IEEE 802.1Q, the customer's tag.
    public static let vlan = EtherType(rawValue: 0x8100)
    /// IEEE 802.1ad, the provider's tag.
    public static let providerVLAN = EtherType(rawValue: 0x88a8)
    /// The provider's tag before 802.1ad gave it a number.
    public static let oldVLAN = EtherType(rawValue: 0x9100)
    public static let mpls = EtherType(rawValue: 0x8847)
    public static let mplsUpstream = EtherType(rawValue: 0x8848)
    public static let pppoeDiscovery = EtherType(rawValue: 0x8863)
    public static let pppoeSession = EtherType(rawValue: 0x8864)
    /// A whole Ethernet frame (RFC 1701).
    public static let transparentBridging = EtherType(rawValue: 0x6558)

    /// Values up to here are no types but lengths: IEEE 802.3 with an LLC header (IEEE 802.3 section 3.2.6).
    public static let lastLength: UInt16 = 1500
}
