/// What carries a socket's bytes: a transport protocol, or none at all. A name, so that a trace may tell others.
public struct SocketProtocol: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name as recordings spell it: `tcp`.
    public var rawValue: String
    /// A protocol of this name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A protocol of this name.
    public init(stringLiteral value: String) { rawValue = value }
    /// The name.
    public var description: String { rawValue }

    /// SOCK_STREAM over IPv4 or IPv6.
    public static var tcp: SocketProtocol { "tcp" }
    /// SOCK_DGRAM over IPv4 or IPv6.
    public static var udp: SocketProtocol { "udp" }
    /// SOCK_RAW: it gets copies of packets that belong to others.
    public static var raw: SocketProtocol { "raw" }
    /// AF_UNIX: no packets belong to it.
    public static var unix: SocketProtocol { "unix" }
}
