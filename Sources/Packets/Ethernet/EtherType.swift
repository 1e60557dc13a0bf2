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
    /// LLC behind a type, for frames longer than a length can say (draft-ietf-isis-ext-eth).
    public static let jumboLLC = EtherType(rawValue: 0x8870)
    /// Cisco's LWAPP (RFC 5412 section 3.1).
    public static let lightweightAccessPoint = EtherType(rawValue: 0x88bb)
    /// The same before it had that number.
    public static let oldLightweightAccessPoint = EtherType(rawValue: 0xbbbb)
    /// An 802.11 frame that a card in promiscuous mode hands to Ethernet's socket.
    public static let wirelessFrame = EtherType(rawValue: 0x2452)
    public static let trill = EtherType(rawValue: 0x22f3)
    public static let batman = EtherType(rawValue: 0x4305)
    public static let macsec = EtherType(rawValue: 0x88e5)
    /// IEEE 802.1ah.
    public static let macInMAC = EtherType(rawValue: 0x88e7)
    public static let fabricPath = EtherType(rawValue: 0x8903)
    public static let metadataTag = EtherType(rawValue: 0x8909)
    public static let virtualNICTag = EtherType(rawValue: 0x8926)
    public static let hsrTag = EtherType(rawValue: 0x892f)
    public static let bridgePortTag = EtherType(rawValue: 0x893f)
    public static let huaweiTag = EtherType(rawValue: 0x8988)
    /// What Arista's switches put into mirrored frames.
    public static let timestampTag = EtherType(rawValue: 0xd28b)
    /// IEEE 802.1CB.
    public static let redundancyTag = EtherType(rawValue: 0xf1c1)
    public static let networkServiceHeader = EtherType(rawValue: 0x894f)
    /// A whole Ethernet frame (RFC 1701).
    public static let transparentBridging = EtherType(rawValue: 0x6558)

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
