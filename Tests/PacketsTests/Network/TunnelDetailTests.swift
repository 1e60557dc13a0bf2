import Addressing
import Testing

@testable import Packets

/// Which packets in packets are one, by their port, their version and their lengths. Tried with tshark 4.0.17.
@Suite struct TunnelContentTests {
    private func overUDP(_ port: UInt16, _ payload: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp(payload, to: Port(port))))
    }

    /// What is found behind Ethernet, IPv4 and UDP.
    private func carried(_ port: UInt16, _ payload: [UInt8]) -> [LayerKind] {
        Array(overUDP(port, payload).kinds.dropFirst(3))
    }

    @Test func chargingAndFramesInGTP() {
        let length = UInt8(Sample.ipPacket.count)
        // GTP' has six bytes, or twenty in its first version.
        #expect(carried(3386, [0x0f, 0xff, 0, length, 0, 1] + Sample.ipPacket) == [.gtp, .ipv4, .tcp])
        #expect(carried(3386, [0x4e, 0xff, 0, length, 0, 1] + Sample.ipPacket) == [.gtp, .ipv4, .tcp])
        #expect(
            carried(3386, [0x0e, 0xff, 0, length] + [UInt8](repeating: 0, count: 16) + Sample.ipPacket).suffix(2) == [
                .ipv4, .tcp,
            ])
        // A version or a message that does not exist is none of GTP.
        #expect(carried(2152, [0x70, 0xff, 0, 0, 0, 0, 0, 1]).isEmpty)
        #expect(carried(2152, [0x30, 0x0e, 0, 0, 0, 0, 0, 1]).isEmpty)
        #expect(
            carried(2152, [0x30, 0xff, 0, UInt8(Sample.frame.count), 0, 0, 0, 1] + Sample.frame) == [
                .gtp, .ethernet, .ipv4, .tcp,
            ])
    }

    @Test func serviceHeader() {
        func nsh(_ words: UInt8, type: UInt8, _ context: [UInt8]) -> [UInt8] {
            [0x0f, 0xc0 | words, type, 1, 0, 0, 1, 255] + context + Sample.ipPacket
        }
        func kinds(_ bytes: [UInt8]) -> [LayerKind] { Dissected(Sample.ethernet(.networkServiceHeader) + bytes).kinds }
        let sixteen = [UInt8](repeating: 0, count: 16)
        // Type 1 has four words of context whatever the length says.
        for words: UInt8 in [2, 6] { #expect(kinds(nsh(words, type: 1, sixteen)) == [.ethernet, .nsh, .ipv4, .tcp]) }
        #expect(kinds(nsh(2, type: 2, [])) == [.ethernet, .nsh, .ipv4, .tcp])
        #expect(kinds(nsh(4, type: 2, [0, 1, 2, 3, 7, 7, 7, 0])) == [.ethernet, .nsh, .ipv4, .tcp])
        let long = Dissected(Sample.ethernet(.networkServiceHeader) + nsh(4, type: 2, [0, 1, 2, 127, 0, 0, 0, 0]))
        #expect(
            long.stop
                == .truncatedOnWire(
                    LengthError(
                        required: 139, available: 16 + Sample.ipPacket.count, layer: .nsh, offset: 14, source: .wire)))
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
        let frame: [UInt8] =
            [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + Sample.ipPacket
        // Data at once; to the control port behind an address.
        #expect(carried(12222, [0, 1, 2, 3, 4, 5] + frame) == [.lwapp, .ieee80211, .llc, .ipv4, .tcp])
        #expect(
            carried(12223, [2, 2, 2, 2, 2, 2] + [0, 1, 2, 3, 4, 5] + frame) == [.lwapp, .ieee80211, .llc, .ipv4, .tcp])
        let anything: [UInt8] =
            [0x41, 0x52, 0x11, IPProtocol.ipv6.rawValue, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 36)
        #expect(carried(5072, anything + Sample.ipv6(.tcp, Sample.tcp)) == [.ayiya, .ipv6, .tcp])
        #expect(
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.gre, [0, 0, 0x82, 0x10] + frame)).kinds == [
                .ethernet, .ipv4, .gre, .ieee80211, .llc, .ipv4, .tcp,
            ])
    }

    @Test func mobilityAndLocators() {
        // What a network address translator is crossed with names its protocol (RFC 3519); a registration carries
        // nothing.
        #expect(carried(434, [4, 4, 0, 0] + Sample.ipPacket) == [.mobileIP, .ipv4, .tcp])
        #expect(carried(434, [1, 4, 0, 0] + Sample.ipPacket) == [.mobileIP])
        // LISP's control plane: encapsulated messages, and a notification.
        #expect(carried(4342, [0x80, 0, 0, 0] + Sample.ipPacket) == [.lispControl, .ipv4, .tcp])
        #expect(carried(4342, [0x88, 0, 0, 0] + Sample.ipv6(.tcp, Sample.tcp)) == [.lispControl, .ipv6, .tcp])
        #expect(carried(4342, [0x40, 0, 0, 1] + Sample.ipPacket) == [.lispControl])
        // L2F and what is none of L2TP's versions.
        #expect(carried(1701, [0, 1, 0, 0, 0, 0, 0, 0] + Sample.ipPacket).isEmpty)
    }

    @Test func addressesOfPPPInTunnels() {
        func overGRE(_ type: UInt16, _ payload: [UInt8]) -> [LayerKind] {
            let header: [UInt8] = [0, 0, UInt8(type >> 8), UInt8(type & 255)]
            return Array(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.gre, header + payload)).kinds.dropFirst(3))
        }
        // GRE carries PPP as serial lines frame it; PPPoE leaves the address out, so that 0xff is a protocol there.
        for address: [UInt8] in [[0xff, 3], [0xff, 0], []] {
            #expect(overGRE(0x880b, address + [0, 0x21] + Sample.ipPacket) == [.ppp, .ipv4, .tcp])
        }
        #expect(overGRE(0x880b, [0x0f, 0, 8, 0] + Sample.ipPacket) == [.ciscoHDLC, .ipv4, .tcp])
        let session: [UInt8] = [0x11, 0, 0, 1, 0, UInt8(4 + Sample.ipPacket.count), 0xff, 3, 0, 0x21] + Sample.ipPacket
        #expect(Dissected(Sample.ethernet(.pppoeSession) + session).stop == .unsupported(after: .ppp, number: 0xff))
        // Between flags, with two bytes of checksum; escapes and pieces stay data.
        let frame: [UInt8] = [0xff, 3, 0, 0x21] + Sample.ipv4(.udp, Sample.udp([1])) + [1, 2]
        #expect(overGRE(0x8881, [0x7e] + frame + [0x7e]) == [.ppp, .ipv4, .udp])
        #expect(overGRE(0x8881, [9, 9, 0x7e, 0x7e] + frame + [0x7e, 9]) == [.ppp, .ipv4, .udp])
        for piece in [
            [0x7e] + frame, frame + [0x7e], [0x7e, 0x7d, 0x23] + frame + [0x7e], [0x7e, 1, 2, 0x7e], [0x7e],
        ] { #expect(overGRE(0x8881, piece).isEmpty) }
    }

    @Test func acknowledgmentsOfPPTP() {
        // The acknowledgment's bit counts in every version.
        for version: UInt8 in [0x81, 0x82] {
            let header: [UInt8] = [
                0x20, version, 0x88, 0x0b, 0, UInt8(2 + Sample.ipPacket.count), 0, 1, 0, 0, 0, 9, 0, 0x21,
            ]
            #expect(
                Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.gre, header + Sample.ipPacket)).kinds.suffix(3) == [
                    .ppp, .ipv4, .tcp,
                ])
        }
    }

    @Test func sequenceNumbersOfQuotes() {
        func quoting(_ packet: [UInt8]) -> Dissected {
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [3, 1, 0, 0, 0, 0, 0, 0] + packet))
        }
        // What an error quotes of a segment need not go further than this number, which has another name there; what a
        // tunnel in the quote carries is read like any segment.
        #expect(quoting(Sample.ipPacket).number("tcp.seq_raw") == nil)
        #expect(quoting(Sample.ipv4(.gre, [0, 0, 8, 0] + Sample.ipPacket)).number("tcp.seq_raw") == 1)
        #expect(quoting(Sample.ipv6(.tcp, Sample.tcp)).number("tcp.dstport") == 7)
    }

    @Test func framesBetweenSwitchAndController() {
        func message(_ version: UInt8, _ type: UInt8, _ body: [UInt8], length: UInt8? = nil) -> [UInt8] {
            [version, type, 0, length ?? UInt8(8 + body.count), 0, 0, 0, 1] + body
        }
        func kinds(_ messages: [UInt8]) -> [LayerKind] {
            let segment = Array(Sample.tcp.prefix(2)) + [0x19, 0xfd] + Sample.tcp.dropFirst(4).dropLast(5) + messages
            return Array(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.tcp, segment)).kinds.dropFirst(3))
        }
        let unknown = message(1, 10, [UInt8](repeating: 0, count: 10) + Sample.frame)
        let sent = message(1, 13, [0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 8, 0, 1, 0, 0] + Sample.frame)
        let match: [UInt8] = [0, 1, 0, 12, 0x80, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0]
        let unknownLater = message(4, 10, [UInt8](repeating: 0, count: 16) + match + [0, 0] + Sample.frame)
        let sentLater = message(
            4, 13, [UInt8](repeating: 0, count: 8) + [0, 8] + [UInt8](repeating: 0, count: 6 + 8) + Sample.frame)
        for carrier in [unknown, sent, unknownLater, sentLater] {
            #expect(kinds(carrier) == [.openFlow, .ethernet, .ipv4, .tcp])
        }
        // A greeting before it, another one behind it; a message that goes on in the next segment; one that says too
        // little.
        #expect(
            kinds(message(1, 0, []) + unknown + sent) == [.openFlow, .ethernet, .ipv4, .tcp, .ethernet, .ipv4, .tcp])
        #expect(kinds(Array(unknown.prefix(18 + 14))) == [.openFlow, .ethernet])
        #expect(kinds(message(1, 10, [UInt8](repeating: 0, count: 10) + Sample.frame, length: 7)) == [.openFlow])
        #expect(kinds(message(2, 10, [UInt8](repeating: 0, count: 10) + Sample.frame)) == [.openFlow])
        for length in 0..<unknownLater.count { _ = kinds(Array(unknownLater.prefix(length))) }
    }

    @Test func timestampsOfMirroredFrames() {
        func kinds(_ bytes: [UInt8]) -> [LayerKind] { Dissected(Sample.ethernet(.timestampTag) + bytes).kinds }
        for (version, length): (UInt16, Int) in [(0x0010, 8), (0x0110, 8), (0x0020, 6), (0x0120, 6)] {
            let tag: [UInt8] = [0, 1, UInt8(version >> 8), UInt8(version & 255)] + [UInt8](repeating: 1, count: length)
            #expect(kinds(tag + [8, 0] + Sample.ipPacket) == [.ethernet, .timestampTag, .ipv4, .tcp], "\(version)")
        }
        #expect(kinds([0, 7, 0, 0, 8, 0] + Sample.ipPacket) == [.ethernet, .timestampTag, .ipv4, .tcp])
    }

    @Test func neighbourDiscoveryQuotesThePacketThatItRedirects() {
        let quoted = Sample.ipv6(.tcp, Sample.tcp)
        let padding = [UInt8](repeating: 0, count: (8 - quoted.count % 8) % 8)
        let option: [UInt8] = [4, UInt8((8 + quoted.count + padding.count) / 8), 0, 0, 0, 0, 0, 0] + quoted + padding
        let redirect: [UInt8] = [137, 0, 0, 0] + [UInt8](repeating: 0, count: 36) + [2, 1, 2, 2, 2, 2, 2, 2] + option
        let dissected = Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, redirect))
        #expect(dissected.kinds == [.ethernet, .ipv6, .icmpv6, .ipv6, .tcp])
        #expect(dissected.dissection.layers.last?.isQuoted == true)
        #expect(
            Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.icmpv6, Array(redirect.prefix(40)) + [2, 0] + option)).kinds
                == [.ethernet, .ipv6, .icmpv6])
    }

    @Test func contentDecidesAtSTUNsPortBeforeTheOther() {
        let request: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42] + [UInt8](repeating: 9, count: 12)
        let packet = Sample.ipv4(.udp, Sample.udp(request, from: 4789, to: 3478))
        #expect(Dissected(Sample.ethernet(.ipv4) + packet).kinds == [.ethernet, .ipv4, .udp, .stun])
    }

    @Test func bytesAtAPortThatAreNotThatPortsOwn() {
        let label = MPLSEntry(label: 16, isBottom: true).encoded()
        // Of no version of the key exchange, or too short for it: the other port counts.
        let packet = Sample.ipv4(.udp, Sample.udp(label + Sample.ipPacket, from: 500, to: 6635))
        #expect(Dissected(Sample.ethernet(.ipv4) + packet).kinds == [.ethernet, .ipv4, .udp, .mpls, .ipv4, .tcp])
        let short = Sample.ipv4(.udp, Sample.udp(label + Sample.ipPacket.prefix(22), from: 500, to: 6635))
        #expect(Dissected(Sample.ethernet(.ipv4) + short).kinds == [.ethernet, .ipv4, .udp, .mpls, .ipv4, .tcp])
        // sFlow of no version, from no address.
        #expect(carried(6343, [0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0]).isEmpty)
        #expect(carried(6343, [0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0]).isEmpty)
    }
}
