/// The protocols that netprobe dissects: what a layer of a packet is.
public enum LayerKind: UInt8, Sendable, CaseIterable {
    /// The record itself: its number, time and lengths. Not a protocol, but its fields are asked for like one's.
    case frame
    case null
    case ethernet
    case vlan
    /// The provider's tag of IEEE 802.1ad: laid out like `vlan`, but with names of its own.
    case providerVLAN
    case llc
    case linuxSLL
    case linuxSLL2
    case ppp
    /// PPP as serial lines frame it: only how a record begins, the layer that it becomes is `ppp` or `ciscoHDLC`.
    case serialPPP
    case pppoeDiscovery
    case pppoe
    case ciscoHDLC
    case frameRelay
    case fddi
    case tokenRing
    case nflog
    case radiotap
    case ieee80211
    case mpls
    case arp
    case ipv4
    case ipv6
    case icmp
    case icmpv6
    case tcp
    case udp
    /// Bytes that no protocol here claims.
    case data
}
