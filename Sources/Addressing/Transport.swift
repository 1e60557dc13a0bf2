/// The transport protocols that have ports: a port alone names no service, only a port of TCP or of UDP does.
public enum Transport: UInt8, Hashable, Sendable, CaseIterable {
    /// The Transmission Control Protocol (RFC 9293).
    case tcp
    /// The User Datagram Protocol (RFC 768).
    case udp

    /// `tcp` or `udp`, as filters, URLs and /proc/net spell it.
    public var name: String { self == .tcp ? "tcp" : "udp" }
}
