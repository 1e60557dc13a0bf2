import Addressing

/// The tables that know what stacks on what: every number by which a header names its payload, and who dissects that.
/// No protocol knows the one above it; this file and `PortTable` do.

extension EtherType {
    /// Which protocol an EtherType names.
    var layer: LayerKind? {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .arp, .rarp: .arp
        case .vlan, .oldVLAN: .vlan
        case .providerVLAN: .providerVLAN
        case .mpls, .mplsUpstream: .mpls
        case .pppoeDiscovery: .pppoeDiscovery
        case .pppoeSession: .pppoe
        case .transparentBridging: .ethernet
        case .bridgePortTag: .bridgePortTag
        case .virtualNICTag: .virtualNICTag
        case .redundancyTag: .redundancyTag
        case .hsrTag: .hsrTag
        case .metadataTag: .metadataTag
        case .huaweiTag: .vendorTag
        case .timestampTag: .timestampTag
        case .macInMAC: .macInMAC
        case .macsec: .macsec
        case .trill: .trill
        case .networkServiceHeader: .nsh
        case .batman: .batman
        case .jumboLLC: .llc
        case .lightweightAccessPoint, .oldLightweightAccessPoint: .lwapp
        case .wirelessFrame: .ieee80211
        default: nil
        }
    }
}

extension IPProtocol {
    /// Which protocol an IP protocol number names.
    var layer: LayerKind? {
        switch self {
        case .icmp: .icmp
        case .icmpv6: .icmpv6
        case .tcp: .tcp
        case .udp: .udp
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .hopByHop: .ipv6HopByHop
        case .ipv6Routing: .ipv6Routing
        case .ipv6Fragment: .ipv6Fragment
        case .ipv6Destination: .ipv6Destination
        case .mobility, .oldMobility: .mobility
        case .shim6: .shim6
        case .osi: .osi
        case .authentication: .authentication
        case .igmp: .igmp
        case .pim: .pim
        case .gre: .gre
        case .etherIP: .etherIP
        case .ethernet: .ethernet
        case .mpls: .mpls
        case .udplite: .udplite
        case .sctp: .sctp
        default: nil
        }
    }
}

extension Dissector {
    /// The first header of a record, or of a frame inside of one.
    static func layer(_ linkType: LinkType, _ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        switch linkType {
        case .ethernet: .ethernet
        case .null: .null
        case .loop: .loop
        case .raw, .rawDLT, .rawOpenBSD: rawLayer(record, &cursor)
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .linuxSLL: .linuxSLL
        case .linuxSLL2: .linuxSLL2
        case .ppp, .pppHDLC: .serialPPP
        case .pppoe: .pppoe
        case .ciscoHDLC: .ciscoHDLC
        case .frameRelay: .frameRelay
        case .fddi: .fddi
        case .tokenRing: .tokenRing
        case .nflog: .nflog
        case .ieee80211: .ieee80211
        case .ieee80211Radiotap: .radiotap
        case .atmLLC: .llc
        case .ax25: .ax25
        case .ax25KISS: behindOneByte(.ax25, &cursor)
        case .arcnet: .arcnet
        case .arcnetLinux: .arcnetLinux
        case .ipOverFibreChannel: .fibreChannelIP
        case .appleIPOverIEEE1394: .firewire
        case .ipOverInfiniBand: .infiniBandIP
        case .sunATM: .sunATM
        case .packetFilterLog: .packetFilterLog
        case .encapsulation, .encapsulationDLT: .encapsulationHeader
        case .packetTap, .packetTapPrivate: .packetTap
        case .erf: .erf
        case .ppi: .ppi
        case .ieee80211AVS: .wirelessPreamble
        case .ieee80211Prism: .prismPreamble
        case .tzsp: .tzsp
        case .classicalIPOverATM, .bsdATM, .bsdHDLC, .bsdSLIP: .ipv4
        case .bsdCiscoHDLC: .ciscoHDLC
        case .pppWithDirection: behindOneByte(.serialPPP, &cursor)
        case .ethernetMPacket: .expressFrame
        case .redback: .redback
        case .symantecFirewall: .symantec
        case .ipnet: .ipnet
        case .netAnalyzer: .netAnalyzer
        case .juniperEthernet, .juniperPPPoE, .juniperCiscoHDLC, .juniperFrameRelay, .juniperVoice, .juniperPPP,
            .juniperMultilink,
            .juniperMultilinkFrameRelay, .juniperATM1, .juniperATM2, .juniperGGSN, .juniperServices:
            .juniper
        default: nil
        }
    }

    /// A frame behind one byte: which way PPP went, KISS's command.
    private static func behindOneByte(_ kind: LayerKind, _ cursor: inout LayerCursor) -> LayerKind? {
        cursor.skip(1)
        return kind
    }

    /// Raw IP, or what dial-up adapters called that: PPP, with up to six bytes before it, or ten zero bytes before IP.
    private static func rawLayer(_ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        let start = cursor.start
        if cursor.has(2), record.uint16(at: start) == 0xff03 { return .serialPPP }
        guard cursor.has(8) else { return nil }
        for (offset, shown) in [(6, 6), (1, 1)] where record.uint16(at: start &+ offset) == 0xff03 {
            cursor.skip(shown)
            return .serialPPP
        }
        if cursor.has(10), record.uint64(at: start) == 0, record.uint16(at: start &+ 8) == 0 {
            cursor.skip(10)
            return .ipv4
        }
        switch record.uint8(at: start) >> 4 {
        case 4: return .ipv4
        case 6: return .ipv6
        default: return nil
        }
    }

    static func ipVersion(_ record: RawSpan, _ cursor: LayerCursor) -> LayerKind {
        record.uint8(at: cursor.start) >> 4 == 6 ? .ipv6 : .ipv4
    }

    /// What the associated channel of a pseudowire carries (IANA "MPLS Generalized Associated Channel Types").
    static func channelLayer(_ number: UInt16) -> LayerKind? {
        switch number {
        case 0x0021: .ipv4
        case 0x0057: .ipv6
        default: nil
        }
    }

    /// PPP protocol numbers (IANA "PPP DLL Protocol Numbers"); some peers write the EtherType instead.
    static func pppLayer(_ number: UInt16) -> LayerKind? {
        switch number {
        case 0x0021, 0x0800: .ipv4
        case 0x0057, 0x86dd: .ipv6
        case 0x0281, 0x0283: .mpls
        case 0x0023: .osi
        case 0x0031: .bridgedPPP
        case 0x003d: .multilinkPPP
        case 0x004b: .llc
        default: nil
        }
    }

    /// What GRE carries: EtherTypes, and numbers that vendors took.
    static func greLayer(_ number: UInt16, _ hasSequence: Bool) -> LayerKind? {
        switch number {
        case 0x0800, 0x883e: .ipv4
        case 0x86dd: .ipv6
        case 0x0806: .arp
        case 0x6558, 0x6400: .ethernet
        case 0x6559: .frameRelay
        case 0x8847, 0x8848: .mpls
        case 0x880b: .serialPPP
        case 0x8881: .stuffedPPP
        case 0x00fe: .osi
        case 0x8200...0x8370 where number & 15 == 0: .ieee80211  // Aruba's access points
        case 0x88be: hasSequence ? .erspan : .ethernet
        case 0x22eb: .erspan
        case 0x894f: .nsh
        default: nil
        }
    }

    /// Network layer protocol identifiers (ISO/IEC TR 9577).
    static func networkLayer(_ number: UInt8) -> LayerKind? {
        switch number {
        case 0xcc: .ipv4
        case 0x8e: .ipv6
        case 0xcf: .ppp
        default: nil
        }
    }

    /// IEEE 802.2 service access points.
    static func servicePoint(_ point: UInt8) -> LayerKind? {
        switch point {
        case 0x06: .ipv4
        case 0x14, 0x20, 0x34, 0x54, 0xfe: .osi
        default: nil
        }
    }

    /// What lies under the last MPLS label, guessed from its first four bits (RFC 4928 section 3).
    /// - Parameter label: the last one. 13 announces an associated channel whatever the bits say (RFC 5586 section
    ///   4); the alert's for operation and maintenance (14, RFC 3429) carries no packet.
    static func labelled(_ label: UInt32, _ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        guard cursor.has(1), label != 14 else { return nil }
        if label == 13 { return .associatedChannel }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: return .ipv4
        case 6: return .ipv6
        // 0 is a pseudowire's control word; nearly all of them carry Ethernet.
        case 0: return PseudowireControlWord.isMissing(record, cursor) ? .ethernet : .pseudowire
        case 1: return .associatedChannel
        default: return nil
        }
    }
}
