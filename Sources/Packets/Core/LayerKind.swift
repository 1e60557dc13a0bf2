/// The protocols that netprobe dissects: what a layer of a packet is.
public enum LayerKind: UInt8, Sendable, CaseIterable {
    /// The record itself: its number, time and lengths. Not a protocol, but its fields are asked for like one's.
    case frame
    case null
    /// LINKTYPE_LOOP; its layer is a `null`.
    case loop
    case ethernet
    case vlan
    /// The provider's tag of IEEE 802.1ad: laid out like `vlan`, but with names of its own.
    case providerVLAN
    case llc
    /// What an OSI service access point carries: its first byte, the network layer protocol identifier, names it.
    case osi
    case linuxSLL
    case linuxSLL2
    case ppp
    /// PPP as serial lines frame it: only how a record begins, the layer that it becomes is `ppp` or `ciscoHDLC`.
    case serialPPP
    /// The same in bytes between flags, as in GRE of mobile networks; no layer of its own.
    case stuffedPPP
    case pppoeDiscovery
    case pppoe
    case ciscoHDLC
    case frameRelay
    case fddi
    case tokenRing
    case nflog
    case ax25
    case arcnet
    /// LINKTYPE_ARCNET_LINUX; its layer is an `arcnet`.
    case arcnetLinux
    case fibreChannelIP
    case firewire
    case infiniBandIP
    case sunATM
    case expressFrame
    case interSwitchLink
    case fabricPath
    case tzsp
    case packetFilterLog
    case encapsulationHeader
    case packetTap
    case ipnet
    case netAnalyzer
    case redback
    case symantec
    case erf
    case ppi
    case wirelessPreamble
    /// LINKTYPE_IEEE802_11_PRISM; its layer is a `wirelessPreamble`.
    case prismPreamble
    case juniper
    case radiotap
    case ieee80211
    case bridgePortTag
    case virtualNICTag
    case redundancyTag
    case hsrTag
    case metadataTag
    case vendorTag
    case timestampTag
    case macInMAC
    case macsec
    case trill
    case nsh
    case batman
    case mpls
    case pseudowire
    case associatedChannel
    case arp
    case ipv4
    case ipv6
    case ipv6HopByHop
    case ipv6Routing
    case ipv6Fragment
    case ipv6Destination
    case mobility
    case shim6
    case authentication
    case icmp
    case icmpv6
    case igmp
    case pim
    case tcp
    case udp
    case udplite
    case sctp
    case gre
    case erspan
    case vxlan
    /// VXLAN with the generic protocol extension; its layer is a `vxlan`.
    case vxlanGeneric
    case geneve
    case gtp
    case teredo
    case l2tp
    case etherIP
    case lisp
    case lispControl
    case mobileIP
    case dns
    /// DNS over TCP: each message has its length before it.
    case dnsOverTCP
    case mdns
    case llmnr
    case dhcp
    case ntp
    case stun
    case http
    /// HTTP's form over UDP (UPnP Device Architecture 2.0 section 1); its fields are HTTP's.
    case ssdp
    case tls
    case openFlow
    /// Another message of an `openFlow` segment; no layer of its own.
    case openFlowMessage
    case capwap
    case sflow
    /// Another sample of an `sflow`; no layer of its own.
    case sflowSample
    /// Another frame of an 802.11 aggregate; no layer of its own.
    case aggregateFrame
    case jmirror
    case amt
    case lwapp
    case ayiya
    case multilinkPPP
    case bridgedPPP
    /// Bytes that no protocol here claims. Like the two that follow no layer of a dissection, but its fields are read
    /// like one's.
    case data
    /// A packet that makes no sense, or ends too early.
    case malformed
    /// A packet of which the capture has not enough.
    case shortened
}

extension LayerKind {
    /// Whether Wireshark counts only the header as this protocol's bytes, and not what it carries.
    var endsWithHeader: Bool {
        switch self {
        case .null, .loop, .ethernet, .vlan, .providerVLAN, .linuxSLL, .linuxSLL2, .radiotap, .ieee80211, .mpls, .ipv4,
            .ipv6, .ipv6HopByHop,
            .ipv6Routing, .ipv6Fragment, .ipv6Destination, .udp, .vxlan:
            true
        default: false
        }
    }

    /// Whether the segments before may tell that a segment carries this, or not: `CarriedApplication`.
    var followsConnection: Bool { self == .http || self == .tls || self == .data }
}
