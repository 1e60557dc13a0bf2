import Addressing
import Testing
@testable import Packets

/// Which packets in packets are one, by their port, their version and their lengths. Tried with tshark 4.0.17.
@Suite struct TunnelContentTests {
    private func overUDP(_ port: UInt16, _ payload: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp(payload, to: Port(port))))
    }

    /// What is found behind Ethernet, IPv4 and UDP.
    private func carried(_ port: UInt16, _ payload: [UInt8]) -> [LayerKind] { Array(overUDP(port, payload).kinds.dropFirst(3)) }

    @Test func chargingAndFramesInGTP() {
        let length = UInt8(Sample.ipPacket.count)
        // GTP' has six bytes, or twenty in its first version.
        #expect(carried(3386, [0x0f, 0xff, 0, length, 0, 1] + Sample.ipPacket) == [.gtp, .ipv4, .tcp])
        #expect(carried(3386, [0x4e, 0xff, 0, length, 0, 1] + Sample.ipPacket) == [.gtp, .ipv4, .tcp])
        #expect(carried(3386, [0x0e, 0xff, 0, length] + [UInt8](repeating: 0, count: 16) + Sample.ipPacket).suffix(2) == [.ipv4, .tcp])
        // A version or a message that does not exist is none of GTP.
        #expect(carried(2152, [0x70, 0xff, 0, 0, 0, 0, 0, 1]).isEmpty)
        #expect(carried(2152, [0x30, 0x0e, 0, 0, 0, 0, 0, 1]).isEmpty)
        #expect(carried(2152, [0x30, 0xff, 0, UInt8(Sample.frame.count), 0, 0, 0, 1] + Sample.frame) == [.gtp, .ethernet, .ipv4, .tcp])
    }

    @Test func serviceHeader() {
        func nsh(_ words: UInt8, type: UInt8, _ context: [UInt8]) -> [UInt8] { [0x0f, 0xc0 | words, type, 1, 0, 0, 1, 255] + context + Sample.ipPacket }
        func kinds(_ bytes: [UInt8]) -> [LayerKind] { Dissected(Sample.ethernet(.networkServiceHeader) + bytes).kinds }
        let sixteen = [UInt8](repeating: 0, count: 16)
        // Type 1 has four words of context whatever the length says.
        for words: UInt8 in [2, 6] { #expect(kinds(nsh(words, type: 1, sixteen)) == [.ethernet, .nsh, .ipv4, .tcp]) }
        #expect(kinds(nsh(2, type: 2, [])) == [.ethernet, .nsh, .ipv4, .tcp])
        #expect(kinds(nsh(4, type: 2, [0, 1, 2, 3, 7, 7, 7, 0])) == [.ethernet, .nsh, .ipv4, .tcp])
        let long = Dissected(Sample.ethernet(.networkServiceHeader) + nsh(4, type: 2, [0, 1, 2, 127, 0, 0, 0, 0]))
        #expect(long.stop == .truncatedOnWire(LengthError(required: 139, available: 16 + Sample.ipPacket.count, layer: .nsh, offset: 14, source: .wire)))
    }

    @Test func mirrorsAndRelays() {
        let membership: [UInt8] = [4] + [UInt8](repeating: 0, count: 11)
        #expect(carried(2268, membership + Sample.ipPacket) == [.amt, .ipv4, .tcp])
        #expect(carried(2268, [5] + membership.dropFirst() + Sample.ipv6(.tcp, Sample.tcp)) == [.amt, .ipv6, .tcp])
        let identifiers: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2]
        #expect(carried(30030, identifiers + [0xff, 3, 0, 0x21] + Sample.ipPacket) == [.jmirror, .ppp, .ipv4, .tcp])
        #expect(carried(30030, identifiers + [0x12, 3, 0, 0x21] + Sample.ipPacket).isEmpty)
        #expect(carried(12220, Sample.frame) == [.ethernet, .ipv4, .tcp])
        #expect(carried(12000, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + Sample.ipPacket) == [.llc, .ipv4, .tcp])
        let frame: [UInt8] = [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + Sample.ipPacket
        // Data at once; to the control port behind an address.
        #expect(carried(12222, [0, 1, 2, 3, 4, 5] + frame) == [.lwapp, .ieee80211, .llc, .ipv4, .tcp])
        #expect(carried(12223, [2, 2, 2, 2, 2, 2] + [0, 1, 2, 3, 4, 5] + frame) == [.lwapp, .ieee80211, .llc, .ipv4, .tcp])
        let anything: [UInt8] = [0x41, 0x52, 0x11, IPProtocol.ipv6.rawValue, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 36)
        #expect(carried(5072, anything + Sample.ipv6(.tcp, Sample.tcp)) == [.ayiya, .ipv6, .tcp])
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.gre, [0, 0, 0x82, 0x10] + frame)).kinds == [.ethernet, .ipv4, .gre, .ieee80211, .llc, .ipv4, .tcp])
    }

    @Test func neighbourDiscoveryQuotesThePacketThatItRedirects() {
        let quoted = Sample.ipv6(.tcp, Sample.tcp)
        let padding = [UInt8](repeating: 0, count: (8 - quoted.count % 8) % 8)
        let option: [UInt8] = [4, UInt8((8 + quoted.count + padding.count) / 8), 0, 0, 0, 0, 0, 0] + quoted + padding
        let redirect: [UInt8] = [137, 0, 0, 0] + [UInt8](repeating: 0, count: 36) + [2, 1, 2, 2, 2, 2, 2, 2] + option
        let dissected = Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, redirect))
        #expect(dissected.kinds == [.ethernet, .ipv6, .icmpv6, .ipv6, .tcp])
        #expect(dissected.dissection.layers.last?.isQuoted == true)
        #expect(Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, Array(redirect.prefix(40)) + [2, 0] + option)).kinds == [.ethernet, .ipv6, .icmpv6])
    }

    @Test func contentDecidesAtSTUNsPortBeforeTheOther() {
        let request: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42] + [UInt8](repeating: 9, count: 12)
        let packet = Sample.ipv4(.udp, Sample.udp(request, from: 4789, to: 3478))
        #expect(Dissected(Sample.ethernet(.ipv4) + packet).kinds == [.ethernet, .ipv4, .udp, .stun])
    }

    @Test func bytesAtAPortThatAreNotThatPortsOwn() {
        let label = MPLSEntry(label: 16, isBottom: true).encoded()
        // Too short for a key exchange, or of a length that is: the other port counts.
        let packet = Sample.ipv4(.udp, Sample.udp(label + Sample.ipPacket, from: 500, to: 6635))
        #expect(Dissected(Sample.ethernet(.ipv4) + packet).kinds == [.ethernet, .ipv4, .udp])
        let short = Sample.ipv4(.udp, Sample.udp(label + Sample.ipPacket.prefix(22), from: 500, to: 6635))
        #expect(Dissected(Sample.ethernet(.ipv4) + short).kinds == [.ethernet, .ipv4, .udp, .mpls, .ipv4, .tcp])
        // sFlow of no version, from no address.
        #expect(carried(6343, [0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0]).isEmpty)
        #expect(carried(6343, [0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0]).isEmpty)
    }
}
