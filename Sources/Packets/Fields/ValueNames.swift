/// The names of the numbers that headers know one another by, as Wireshark writes them: beside the number in trees and
/// header boxes, and for filters such as `ip.proto == "TCP"`.
enum ValueNames {
    /// Wireshark's names for EtherTypes (IEEE 802 numbers).
    static let etherType: ValueName = { value in
        switch value {
        case 0x0800: "IPv4"
        case 0x0806: "ARP"
        case 0x0842: "Wake on LAN"
        case 0x6558: "Transparent Ethernet bridging"
        case 0x8035: "RARP"
        case 0x8100: "802.1Q Virtual LAN"
        case 0x8137: "Netware IPX/SPX"
        case 0x86dd: "IPv6"
        case 0x8808: "MAC Control"
        case 0x8809: "Slow Protocols"
        case 0x8847: "MPLS label switched packet"
        case 0x8848: "MPLS multicast label switched packet"
        case 0x8863: "PPPoE Discovery"
        case 0x8864: "PPPoE Session"
        case 0x8870: "Jumbo LLC"
        case 0x888e: "802.1X Authentication"
        case 0x88a8: "802.1ad Provider Bridge (Q-in-Q)"
        case 0x88cc: "802.1 Link Layer Discovery Protocol (LLDP)"
        case 0x88e5: "802.1AE (MACsec)"
        case 0x88e7: "802.1ah Provider Backbone Bridge (mac-in-mac)"
        case 0x88f7: "PTPv2 over Ethernet (IEEE1588)"
        case 0x894f: "Network Service Header"
        case 0x9000: "Loopback"
        case 0x9100: "QinQ: old non-standard 802.1ad"
        default: nil
        }
    }

    /// Names of IP protocol numbers (IANA "Assigned Internet Protocol Numbers").
    static let ipProtocol: ValueName = { value in
        switch value {
        case 0: "IPv6 Hop-by-Hop Option"
        case 1: "ICMP"
        case 2: "IGMP"
        case 4: "IPIP"
        case 6: "TCP"
        case 8: "EGP"
        case 17: "UDP"
        case 33: "DCCP"
        case 41: "IPv6"
        case 43: "Routing Header for IPv6"
        case 44: "Fragment Header for IPv6"
        case 46: "Reservation Protocol"
        case 47: "Generic Routing Encapsulation"
        case 50: "Encap Security Payload"
        case 51: "Authentication Header"
        case 58: "ICMPv6"
        case 59: "No Next Header for IPv6"
        case 60: "Destination Options for IPv6"
        case 88: "EIGRP"
        case 89: "OSPF IGP"
        case 97: "Ethernet within IP"
        case 103: "Protocol Independent Multicast"
        case 112: "VRRP"
        case 115: "Layer Two Tunneling"
        case 132: "SCTP"
        case 136: "UDP Lite"
        case 137: "MPLS-in-IP"
        default: nil
        }
    }

    /// Names of ICMP's types (RFC 792, IANA "ICMP Type Numbers").
    static let icmpType: ValueName = { value in
        switch value {
        case 0: "Echo (ping) reply"
        case 3: "Destination unreachable"
        case 4: "Source quench (flow control)"
        case 5: "Redirect"
        case 8: "Echo (ping) request"
        case 9: "Router advertisement"
        case 10: "Router solicitation"
        case 11: "Time-to-live exceeded"
        case 12: "Parameter problem"
        case 13: "Timestamp request"
        case 14: "Timestamp reply"
        default: nil
        }
    }

    /// Names of ICMPv6's types (RFC 4443, RFC 4861, IANA "ICMPv6 type Numbers").
    static let icmpv6Type: ValueName = { value in
        switch value {
        case 1: "Destination Unreachable"
        case 2: "Packet Too Big"
        case 3: "Time Exceeded"
        case 4: "Parameter Problem"
        case 128: "Echo (ping) request"
        case 129: "Echo (ping) reply"
        case 130: "Multicast Listener Query"
        case 131: "Multicast Listener Report"
        case 132: "Multicast Listener Done"
        case 133: "Router Solicitation"
        case 134: "Router Advertisement"
        case 135: "Neighbor Solicitation"
        case 136: "Neighbor Advertisement"
        case 137: "Redirect"
        case 143: "Multicast Listener Report Message v2"
        default: nil
        }
    }
}

extension IPProtocol {
    /// What IANA calls the protocol; nil for numbers that nobody has.
    public var name: StaticString? { ValueNames.ipProtocol(UInt64(rawValue)) }
}
