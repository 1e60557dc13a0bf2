/// The protocols that netprobe dissects: what a layer of a packet is.
public enum LayerKind: UInt8, Sendable, CaseIterable {
    /// The record itself: its number, time and lengths. It is not a protocol, but has fields as a protocol has.
    case frame
    case null
    case ethernet
    case vlan
    /// The provider's tag of IEEE 802.1ad: laid out like `vlan`, but with names of its own.
    case providerVLAN
    case llc
    case stp
    case lldp
    /// What an OSI service access point carries: its first byte, the network layer protocol identifier, names it.
    case osi
    case linuxSLL
    case linuxSLL2
    case ppp
    case pppoeDiscovery
    case pppoe
    case ciscoHDLC
    case frameRelay
    case fddi
    case tokenRing
    case nflog
    case ax25
    case arcnet
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
    case esp
    case ospf
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
    case geneve
    case gtp
    case teredo
    case l2tp
    case etherIP
    /// IPsec through a translator of addresses (RFC 3948).
    case espInUDP
    case lisp
    case lispControl
    case mobileIP
    case dns
    case mdns
    case llmnr
    case dhcp
    case ntp
    case stun
    case tftp
    case ssh
    case telnet
    case ftp
    case smtp
    case pop
    case imap
    case rip
    case bgp
    case isakmp
    case wireGuard
    case syslog
    case quic
    case sip
    case sdp
    case dhcpv6
    case nbss
    case smb2
    case snmp
    case nbns
    case radius
    case mqtt
    case http
    case http2
    /// HTTP's form over UDP (UPnP Device Architecture 2.0 section 1); its fields are HTTP's.
    case ssdp
    case tls
    case openFlow
    case capwap
    case sflow
    case jmirror
    case amt
    case lwapp
    case ayiya
    case multilinkPPP
    case bridgedPPP
    /// Bytes that no protocol here claims. This and the two cases below are no layers of a dissection, but their fields
    /// are read as a layer's are.
    case data
    /// A packet that makes no sense, or ends too early.
    case malformed
    /// A packet of which the capture has not enough.
    case shortened
}

extension LayerKind {
    /// All that is known of the protocol; nil for none of `Protocols.all`.
    public var protocolDescription: ProtocolDescription? { ProtocolTables.shared[self] }

    /// What the layer is for.
    public var role: ProtocolRole { ProtocolTables.shared.role(of: self) }

    /// What a packet's line says of the layer.
    public var line: LineForm { ProtocolTables.shared.line(of: self) }

    /// What the line says where a program speaks; nil for other forms of a line.
    public var lineWords: LineForm.WordsWriter? { ProtocolTables.shared.words(of: self) }

    /// What `--link` says of it.
    public var link: LinkForm { protocolDescription?.link ?? .none }

    /// Whether Wireshark counts only the header as this protocol's bytes, and not what it carries.
    var endsWithHeader: Bool { has(.endsWithHeader) }

    /// Whether the segments before may tell that a segment carries this, or not: `CarriedApplication`.
    var followsConnection: Bool { has(.followsConnection) }

    /// Whether what is left behind the header is the protocol's own, and no data that nobody claims.
    var claimsRest: Bool { role == .application && !has(.leavesRest) || has(.claimsRest) }

    /// Whether an EtherType names what the layer carries, as Wireshark sees it.
    var namesEtherType: Bool { has(.namesEtherType) }

    private func has(_ trait: ProtocolTraits) -> Bool { ProtocolTables.shared.traits(of: self).contains(trait) }
}
