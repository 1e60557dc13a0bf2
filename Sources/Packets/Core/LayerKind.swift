/// The protocols that netprobe dissects: what a layer of a packet is.
public enum LayerKind: UInt8, Sendable, CaseIterable {
    /// The record itself: its number, time and lengths. Not a protocol, but its fields are asked for like one's.
    case frame
    case null
    case ethernet
    case ipv4
    case ipv6
    case icmp
    case icmpv6
    case tcp
    case udp
    case dns
    /// DNS over TCP: each message has its length before it.
    case dnsOverTCP
    case mdns
    case llmnr
    case dhcp
    case ntp
    case stun
    case http
    case tls
    /// Bytes that no protocol here claims.
    case data
}
