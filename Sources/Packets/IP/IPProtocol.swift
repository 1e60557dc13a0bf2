/// The protocol number of IPv4's protocol field and IPv6's next header field (IANA "Assigned Internet Protocol
/// Numbers").
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// IPv6's hop-by-hop options (RFC 8200 section 4.3).
    public static let hopByHop = IPProtocol(rawValue: 0)
    public static let icmp = IPProtocol(rawValue: 1)
    public static let igmp = IPProtocol(rawValue: 2)
    /// IPv4 in IP (RFC 2003).
    public static let ipv4 = IPProtocol(rawValue: 4)
    /// IPv6 in IP (RFC 4213).
    public static let ipv6 = IPProtocol(rawValue: 41)
    public static let tcp = IPProtocol(rawValue: 6)
    public static let udp = IPProtocol(rawValue: 17)
    public static let ipv6Routing = IPProtocol(rawValue: 43)
    public static let ipv6Fragment = IPProtocol(rawValue: 44)
    /// Generic routing encapsulation (RFC 2784).
    public static let gre = IPProtocol(rawValue: 47)
    public static let authentication = IPProtocol(rawValue: 51)
    public static let ipv6Destination = IPProtocol(rawValue: 60)
    /// Mobility's number before it got 135.
    public static let oldMobility = IPProtocol(rawValue: 62)
    /// ISO's network protocols.
    public static let osi = IPProtocol(rawValue: 80)
    public static let etherIP = IPProtocol(rawValue: 97)
    public static let pim = IPProtocol(rawValue: 103)
    public static let l2tp = IPProtocol(rawValue: 115)
    public static let sctp = IPProtocol(rawValue: 132)
    public static let mobility = IPProtocol(rawValue: 135)
    public static let udplite = IPProtocol(rawValue: 136)
    public static let shim6 = IPProtocol(rawValue: 140)
    public static let mpls = IPProtocol(rawValue: 137)
    /// A whole Ethernet frame (RFC 8986 section 10.1).
    public static let ethernet = IPProtocol(rawValue: 143)
    public static let icmpv6 = IPProtocol(rawValue: 58)
}
