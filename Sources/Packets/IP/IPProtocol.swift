/// The protocol number of IPv4's protocol field and IPv6's next header field (IANA "Assigned Internet Protocol Numbers").
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
    public static let icmpv6 = IPProtocol(rawValue: 58)
}
