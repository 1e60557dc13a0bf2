import Addressing
import Testing

@testable import Packets

/// What operating systems, routers and cards put before captured packets. Tried with tshark 4.0.17.
@Suite struct PreambleTests {
    private static let juniper: [UInt8] = [0x4d, 0x47, 0x43]
    private static let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

    /// The layers behind Juniper's header.
    private func juniper(_ interface: LinkType, flags: UInt8 = 1, _ bytes: [UInt8]) -> [LayerKind] {
        let dissected = Dissected(Self.juniper + [flags] + bytes, interface)
        #expect(dissected.kinds.first == .juniper)
        return Array(dissected.kinds.dropFirst())
    }

    @Test func juniperWithoutLinkHeader() {
        // Extensions of six bytes, then the number of what follows, little endian.
        #expect(
            juniper(.juniperEthernet, flags: 0x82, [0, 6, 1, 1, 7, 3, 1, 1, 2, 0, 0, 0] + Sample.ipPacket) == [
                .ipv4, .tcp,
            ])
        #expect(juniper(.juniperEthernet, flags: 2, [204, 0, 0, 0] + Sample.frame) == [.ethernet, .ipv4, .tcp])
        #expect(
            juniper(.juniperEthernet, flags: 2, [0x48, 0xa2, 0, 0, 1, 2, 3, 4] + Sample.ipPacket) == [.ipv4, .tcp])
        let odd = Dissected(Self.juniper + [2, 204, 0, 0, 1] + Sample.frame, .juniperEthernet)
        #expect(odd.stop == .unsupported(after: .juniper, number: 0x0100_00cc))
    }

    @Test func juniperServiceCards() {
        let twelve = [UInt8](repeating: 0, count: 12)
        #expect(juniper(.juniperServices, flags: 0, twelve + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(juniper(.juniperServices, flags: 1, twelve + [0, 0, 0, 0] + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(juniper(.juniperVoice, [UInt8](repeating: 0, count: 18) + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(juniper(.juniperGGSN, [2, 0, 5, 0] + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(juniper(.juniperPPP, [0xff, 3, 0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
    }

    @Test func juniperMultilinkCookies() {
        #expect(juniper(.juniperMultilink, [0x54, 0, 0, 0, 0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(juniper(.juniperMultilink, flags: 0, [0x47, 0, 0, 0, 0, 0, 0, 0] + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(
            juniper(.juniperMultilink, [0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(
            juniper(.juniperMultilink, [0x47, 0, 0, 0, 0, 0x10, 0, 0] + Sample.ipv6(.tcp, Sample.tcp)) == [.ipv6, .tcp])
        // No cookie: PPP with its address, behind two bytes, at once; nothing that is known.
        #expect(juniper(.juniperMultilink, [0xff, 3, 0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(juniper(.juniperMultilink, [1, 2, 0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(juniper(.juniperMultilink, [0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(juniper(.juniperMultilink, Sample.ipPacket) == [])
        // Frame relay.
        #expect(juniper(.juniperMultilinkFrameRelay, [0x40, 0, 0, 0, 0, 0, 0, 0] + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(
            juniper(.juniperMultilinkFrameRelay, [0x54, 0, 0, 0, 3, 0xcc] + Sample.ipPacket) == [.osi, .ipv4, .tcp])
        #expect(
            juniper(.juniperMultilinkFrameRelay, [0x54, 0, 0, 0, 0, 3, 0xcc] + Sample.ipPacket) == [.osi, .ipv4, .tcp])
        #expect(juniper(.juniperMultilinkFrameRelay, [1, 2, 3, 0xcc] + Sample.ipPacket) == [.osi, .ipv4, .tcp])
        #expect(
            juniper(.juniperMultilinkFrameRelay, [0x47, 0, 0, 0, 3, 0, 0, 0, 3, 0xcc] + Sample.ipPacket) == [
                .osi, .ipv4, .tcp,
            ])
    }

    @Test func juniperATMCards() {
        let eight = [UInt8](repeating: 0, count: 8)
        #expect(juniper(.juniperATM2, eight + Self.snap + Sample.ipPacket) == [.llc, .ipv4, .tcp])
        #expect(juniper(.juniperATM2, eight + [0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        #expect(juniper(.juniperATM2, eight + [3, 0xcc] + Sample.ipPacket) == [.osi, .ipv4, .tcp])
        #expect(juniper(.juniperATM2, eight + Sample.ipv6(.tcp, Sample.tcp)) == [.ipv6, .tcp])
        // Going out with gaps counted: a bridged frame. A cell of operation and maintenance stays data.
        #expect(juniper(.juniperATM2, flags: 0, [0, 0, 0, 1, 0, 0, 0, 0] + Sample.frame) == [.ethernet, .ipv4, .tcp])
        #expect(juniper(.juniperATM2, [0, 0, 0, 0, 0, 0, 0, 0x10] + Sample.ipPacket) == [])
        #expect(juniper(.juniperATM1, [0, 0, 0, 0] + Sample.ipPacket) == [.ipv4, .tcp])
        #expect(juniper(.juniperATM1, [0x80, 0, 0, 0] + Sample.ipPacket) == [])
        // Old systems write no magic number.
        #expect(Dissected([0, 0, 0, 0] + Sample.ipPacket, .juniperATM1).kinds == [.juniper, .ipv4, .tcp])
    }

    @Test func everyPrefixOfACookieStops() {
        for interface: LinkType in [
            .juniperMultilink, .juniperMultilinkFrameRelay, .juniperATM1, .juniperATM2, .juniperGGSN, .juniperServices,
        ] {
            for kind: UInt8 in [0x40, 0x47, 0x54, 0, 0xff] {
                let record = Self.juniper + [1, kind, 3, 0, 3, 0, 0, 0, 0, 3, 0xcc, 0, 0] + Sample.ipPacket
                for length in 0..<record.count { _ = Dissected(Array(record.prefix(length)), interface) }
            }
        }
    }

    @Test func solarisAndPacketFilter() {
        let length = UInt8(Sample.ipPacket.count)
        let header: [UInt8] = [1, 2, 0, 1, 0, 0, 0, length] + [UInt8](repeating: 0, count: 12) + [0, 0, 0, 7]
        let dissected = Dissected(header + Sample.ipPacket, .ipnet)
        #expect(dissected.kinds == [.ipnet, .ipv4, .tcp])
        #expect(dissected.number("ipnet.zdst") == 7)
        #expect(Dissected([1, 26] + header.dropFirst(2) + [9, 9] + Sample.ipPacket, .ipnet).kinds == [.ipnet, .ipv6])
        #expect(Dissected(header + Sample.ipPacket, .ipnet, cut: 24 + 22).kinds == [.ipnet, .ipv4, .tcp])
        #expect(
            Dissected([1, 2, 0, 1, 0xff, 0, 0, 0] + header.dropFirst(8), .ipnet).stop
                == .malformed(.ipnet, .headerLength, offset: 4))
        // The packet filter's header has any length, in words.
        for claimed: UInt8 in [61, 64] {
            #expect(
                Dissected([claimed, 2] + [UInt8](repeating: 0, count: 62) + Sample.ipPacket, .packetFilterLog).kinds
                    == [.packetFilterLog, .ipv4, .tcp])
        }
        #expect(Dissected([3, 2, 0, 0] + Sample.ipPacket, .packetFilterLog).kinds == [.packetFilterLog, .ipv4, .tcp])
        #expect(
            Dissected([0, 2, 0, 0], .packetFilterLog).stop == .malformed(.packetFilterLog, .headerLength, offset: 0))
    }

    @Test func cardsAndRouters() {
        #expect(Dissected([0, 4, 60, 0] + Sample.frame, .netAnalyzer).kinds == [.netAnalyzer, .ethernet, .ipv4, .tcp])
        // An event of the card, and a version that does not exist.
        #expect(Dissected([0, 5, 60, 0] + Sample.frame, .netAnalyzer).kinds == [.netAnalyzer])
        #expect(Dissected([0, 0, 60, 0] + Sample.frame, .netAnalyzer).kinds == [.netAnalyzer])
        func redback(kind: UInt8, network: UInt8, data: UInt8) -> [UInt8] {
            [UInt8](repeating: 0, count: 18) + [0, kind, 0, network, 0, data]
        }
        #expect(
            Dissected(redback(kind: 1, network: 24, data: 24) + Sample.ipPacket, .redback).kinds == [
                .redback, .ipv4, .tcp,
            ])
        #expect(
            Dissected(redback(kind: 1, network: 26, data: 40) + [0, 0] + Sample.frame, .redback).kinds == [
                .redback, .ethernet, .ipv4, .tcp,
            ])
        #expect(
            Dissected(redback(kind: 2, network: 24, data: 38) + Sample.frame, .redback).kinds == [
                .redback, .ethernet, .ipv4, .tcp,
            ])
        #expect(
            Dissected(redback(kind: 8, network: 24, data: 24) + Sample.frame, .redback).kinds == [
                .redback, .ethernet, .ipv4, .tcp,
            ])
        #expect(
            Dissected(redback(kind: 9, network: 24, data: 24) + Sample.frame, .redback).stop
                == .unsupported(after: .redback, number: 9))
    }

    @Test func firewallAndPrivateNumbers() {
        let zeros = [UInt8](repeating: 0, count: 56)
        #expect(
            Dissected(zeros.prefix(6) + [8, 0] + zeros.prefix(36) + Sample.ipPacket, .symantecFirewall).kinds == [
                .symantec, .ipv4, .tcp,
            ])
        #expect(
            Dissected(zeros.prefix(10) + [8, 0] + zeros.prefix(44) + Sample.ipPacket, .symantecFirewall).kinds == [
                .symantec, .ipv4, .tcp,
            ])
        let tap: [UInt8] = [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 96)
        for number: LinkType in [.packetTap, .packetTapPrivate] {
            #expect(Dissected(tap + Sample.frame, number).kinds == [.packetTap, .ethernet, .ipv4, .tcp])
        }
        #expect(
            Dissected([0, 0, 0, 2] + zeros.prefix(8) + Sample.ipPacket, .encapsulationDLT).kinds == [
                .encapsulationHeader, .ipv4, .tcp,
            ])
    }

    @Test func packetRadio() {
        func address(last: Bool) -> [UInt8] { [0x82, 0x82, 0x82, 0x82, 0x40, 0x40, last ? 0x61 : 0x60] }
        let direct = address(last: false) + address(last: true)
        let repeated = address(last: false) + address(last: false) + address(last: true)
        for addresses in [direct, repeated] {
            #expect(Dissected(addresses + [3, 0xcc] + Sample.ipPacket, .ax25).kinds == [.ax25, .ipv4, .tcp])
            #expect(Dissected([0] + addresses + [0, 0xcc] + Sample.ipPacket, .ax25KISS).kinds == [.ax25, .ipv4, .tcp])
        }
        // A supervisory frame, NET/ROM's protocol, and addresses that do not end.
        #expect(Dissected(direct + [1, 0xcc] + Sample.ipPacket, .ax25).kinds == [.ax25])
        #expect(
            Dissected(direct + [3, 0xcf] + Sample.ipPacket, .ax25).stop == .unsupported(after: .ax25, number: 0xcf))
        #expect(Dissected([UInt8](repeating: 0x82, count: 71) + [3, 0xcc] + Sample.ipPacket, .ax25).kinds == [.ax25])
        for length in 0..<18 {
            #expect(Dissected(Array((direct + [3, 0xcc, 0x45]).prefix(length)), .ax25).kinds.count <= 2)
        }
    }

    @Test func circuitZeroInLongAddresses() {
        // Circuit 0 is for signalling; a third byte has more bits of the number.
        #expect(Dissected([0, 0x01, 0x08, 2, 0x75] + Sample.frame, .frameRelay).kinds == [.frameRelay])
        #expect(Dissected([2, 0, 0x31] + Sample.frame, .frameRelay).kinds == [.frameRelay, .ethernet, .ipv4, .tcp])
        #expect(Dissected([0, 2, 1] + Sample.frame, .frameRelay).kinds == [.frameRelay])
    }
}
