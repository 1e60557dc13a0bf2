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
        default: nil
        }
    }
}

extension Dissector {
    /// The first header of a record, or of a frame inside of one.
    static func layer(_ linkType: LinkType, _ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        switch linkType {
        case .ethernet: .ethernet
        case .null, .loop: .null
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
        default: nil
        }
    }

    /// Raw IP, or what dial-up adapters called that: PPP, with up to six bytes before it, or ten zero bytes before IP.
    private static func rawLayer(_ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        guard cursor.has(8) else { return nil }
        let start = cursor.start
        for (offset, shown) in [(0, 0), (6, 6), (1, 1)] where record.uint16(at: start &+ offset) == 0xff03 {
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

    /// PPP protocol numbers (IANA "PPP DLL Protocol Numbers"); some peers write the EtherType instead.
    static func pppLayer(_ number: UInt16) -> LayerKind? {
        switch number {
        case 0x0021, 0x0800: .ipv4
        case 0x0057, 0x86dd: .ipv6
        case 0x0281, 0x0283: .mpls
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
        default: nil
        }
    }

    /// What lies under the last MPLS label, guessed from its first four bits (RFC 4928 section 3).
    static func labelled(_ record: RawSpan, _ cursor: inout LayerCursor) -> LayerKind? {
        guard cursor.has(1) else { return nil }
        switch record.uint8(at: cursor.start) >> 4 {
        case 4: return .ipv4
        case 6: return .ipv6
        default: return nil
        }
    }
}
