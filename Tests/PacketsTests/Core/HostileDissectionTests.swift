import Addressing
import Testing

@testable import Packets

/// Whatever the bytes are: nothing traps, layers lie inside of each other, and every field can be read.
@Suite struct HostileDissectionTests {
    /// One packet of each kind of layering, with its link type.
    static let packets: [(LinkType, [UInt8])] = {
        let ip = Sample.ipPacket
        let inner = Sample.ethernet(.ipv4) + ip
        let udp = { (port: UInt16, payload: [UInt8]) in
            Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp(payload, to: Port(port)))
        }
        let wireless: [UInt8] = [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0]
        let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]
        return [
            (.ethernet, Sample.frame),
            (.ethernet, Sample.ethernet(.ipv6) + Sample.ipv6(.udp, Sample.udp([1, 2, 3]))),
            (
                .ethernet,
                Sample.ethernet(.ipv6)
                    + Sample.ipv6(
                        .hopByHop,
                        IPv6Extension(nextHeader: .ipv6Destination, content: [5, 2, 0, 0]).encoded()
                            + IPv6Extension(nextHeader: .ipv6Routing, content: []).encoded()
                            + IPv6Extension(nextHeader: .ipv6Fragment, content: [0, 0]).encoded()
                            + IPv6Fragment(nextHeader: .tcp, fragmentOffset: 0, moreFragments: true, identification: 1)
                            .encoded() + Sample.tcp)
            ),
            (
                .ethernet,
                Sample.ethernet(.providerVLAN) + VLANHeader(identifier: 5, etherType: .vlan).encoded()
                    + VLANHeader(identifier: 6, etherType: .ipv4).encoded() + ip
            ),
            (
                .ethernet,
                Sample.ethernet(.mpls) + MPLSEntry(label: 16, isBottom: true).encoded() + [0, 0, 0, 0] + inner
            ),
            (
                .ethernet,
                Sample.ethernet(.pppoeSession)
                    + PPPoEHeader(code: 0, sessionID: 1, payloadLength: UInt16(ip.count + 2)).encoded() + [0, 0x21] + ip
            ),
            (
                .ethernet,
                Sample.ethernet(.arp)
                    + ARPMessage(operation: 1, senderMAC: Sample.mac, senderIPv4: Sample.from, targetIPv4: Sample.to)
                    .encoded()
            ),
            (.ethernet, Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [3, 3, 0, 0, 0, 0, 0, 0] + ip)),
            (
                .ethernet,
                Sample.ethernet(.ipv6)
                    + Sample.ipv6(.icmpv6, [1, 4, 0, 0, 0, 0, 0, 0] + Sample.ipv6(.udp, Sample.udp([])))
            ),
            (
                .ethernet,
                Sample.ethernet(.ipv4)
                    + Sample.ipv4(
                        .gre, GREValues(protocolType: .transparentBridging, key: 7, sequence: 1).encoded() + inner)
            ),
            (
                .ethernet,
                Sample.ethernet(.ipv4)
                    + Sample.ipv4(.gre, [0x40, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0] + ip)
            ),
            (
                .ethernet,
                Sample.ethernet(.ipv4)
                    + Sample.ipv4(.authentication, [6, 4, 0, 0] + [UInt8](repeating: 1, count: 20) + Sample.tcp)
            ),
            (.ethernet, udp(4789, VXLANValues(networkIdentifier: 1).encoded() + inner)),
            (
                .ethernet,
                udp(6081, GeneveValues(protocolType: .transparentBridging, networkIdentifier: 1).encoded() + inner)
            ),
            (.ethernet, udp(2152, [0x34, 0xff, 0, UInt8(8 + ip.count), 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0] + ip)),
            (
                .ethernet,
                udp(
                    3544,
                    [0, 1, 0, 0] + [UInt8](repeating: 9, count: 9) + [0, 0, 1, 2, 3, 4, 5, 6]
                        + Sample.ipv6(.tcp, Sample.tcp))
            ),
            (.ethernet, udp(1701, [0x4a, 2, 0, 80, 0, 1, 0, 2, 0, 3, 0, 4, 0, 2, 9, 9, 0xff, 3, 0, 0x21] + ip)),
            (.ethernet, udp(6343, SFlowTests.datagram([inner, inner]))),
            (.ethernet, udp(5247, [0, 0x10, 3, 0, 0, 0, 0, 0, 1, 8] + wireless.dropFirst(2) + snap + ip)),
            (.ethernet, udp(37008, [1, 0, 0, 1, 10, 1, 0, 1] + inner)),
            (.ethernet, Sample.ethernet(.macsec) + [0, 0, 0, 0, 0, 1, 8, 0] + ip + [UInt8](repeating: 0, count: 16)),
            (.ethernet, Sample.ethernet(.trill) + [0, 0, 0, 1, 0, 2] + inner),
            (.null, [2, 0, 0, 0] + ip), (.loop, [0, 0, 0, 2] + ip), (.raw, ip),
            (
                .linuxSLL,
                LinuxSLLValues(packetType: 4, hardwareType: 1, address: [1, 2, 3, 4, 5, 6], protocolNumber: 0x0800)
                    .encoded() + ip
            ),
            (.linuxSLL2, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0] + ip),
            (.pppHDLC, [0xff, 3, 0, 0x21] + ip), (.pppHDLC, [0xff, 3, 0, 0x3d, 0xc0, 0, 0, 1, 0, 0x21] + ip),
            (.ciscoHDLC, [0x0f, 0, 8, 0] + ip), (.frameRelay, [0x18, 0x41, 3, 0xcc] + ip),
            (.frameRelay, [0x18, 0x41, 8, 0] + ip),
            (.fddi, [0x50] + [UInt8](repeating: 3, count: 12) + snap + ip),
            (.tokenRing, [0x10, 0x40] + [UInt8](repeating: 0x83, count: 12) + [2, 0] + snap + ip),
            (.nflog, [2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 0, 0, UInt8(ip.count + 4), 0, 9, 0] + ip),
            (.ieee80211, wireless + snap + ip),
            (.ieee80211Radiotap, [0, 0, 9, 0, 2, 0, 0, 0, 0x10] + wireless + snap + ip + [0, 0, 0, 0]),
            (.ppi, [0, 0, 8, 0, 105, 0, 0, 0] + wireless + snap + ip),
            (.erf, [UInt8](repeating: 0, count: 8) + [2, 0, 0, 90, 0, 0, 0, 80, 0, 0] + inner),
            (.juniperEthernet, [0x4d, 0x47, 0x43, 1] + inner),
            (.packetTap, [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 96) + inner),
        ]
    }()

    /// Layers lie in the record, each begins no earlier than the one before, and no header reaches beyond its layer.
    static func expectSound(_ dissected: Dissected, _ note: @autoclosure () -> String) {
        let layers = dissected.dissection.layers
        #expect(layers.count <= Dissector.maximumDepth)
        var start: Int32 = 0
        for layer in layers {
            let isOrdered =
                start <= layer.start && layer.start <= layer.headerEnd && layer.headerEnd <= layer.end
                && layer.end <= layer.claimedEnd
            if !isOrdered || Int(layer.end) > dissected.record.count {
                Issue.record("\(layer) of \(dissected.kinds): \(note())")
            }
            start = layer.start
        }
        var facts = PacketFacts()
        facts.wireLength = dissected.wire
        facts.capturedLength = dissected.record.count
        var values: [FieldValue] = []
        let held = facts.held
        for layer in layers {
            for group in FieldCatalog.protocols where group.kind == layer.kind {
                for field in group.fields {
                    values += field.values(
                        in: LayerContext(record: dissected.record.rawSpan, layer: layer, facts: held.span))
                }
            }
            _ = LayerChecksum.status(of: layer, in: dissected.record.rawSpan)
        }
        for case .bytes(let from, let to) in values where from < 0 || to < from || Int(to) > dissected.record.count {
            Issue.record("bytes \(from)..<\(to) of \(dissected.record.count): \(note())")
        }
    }

    @Test func everyPacketIsDissectedToItsEnd() {
        for (index, (linkType, packet)) in Self.packets.enumerated() {
            let dissected = Dissected(packet, linkType)
            Self.expectSound(dissected, "packet \(index)")
            let last = dissected.kinds.last
            #expect(
                [.tcp, .udp, .arp].contains(last),
                "packet \(index) of link type \(linkType.rawValue): \(dissected.kinds), \(dissected.stop)")
        }
    }

    @Test func noPrefixTraps() {
        for (index, (linkType, packet)) in Self.packets.enumerated() {
            for length in 0...packet.count {
                Self.expectSound(Dissected(packet, linkType, cut: length), "packet \(index), \(length) bytes captured")
                Self.expectSound(
                    Dissected(Array(packet.prefix(length)), linkType), "packet \(index), \(length) bytes on the wire")
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0...UInt64.max), 1, 2])
    func noMutationTraps(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for (index, (linkType, packet)) in Self.packets.enumerated() {
            for _ in 0..<60 {
                var mutated = packet
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<min(mutated.count, 110), using: &random)
                    mutated[place] =
                        [0, 255, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
                }
                Self.expectSound(
                    Dissected(
                        mutated, linkType,
                        cut: Bool.random(using: &random) ? nil : Int.random(in: 0...mutated.count, using: &random)),
                    "seed \(seed), packet \(index): \(mutated)")
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0...UInt64.max), 3])
    func noNoiseTrapsAtAnyLinkType(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for linkType in 0..<300 {
            for length in [0, 1, 3, 4, 8, 17, 40, 200] {
                let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                Self.expectSound(
                    Dissected(noise, LinkType(rawValue: UInt32(linkType))),
                    "seed \(seed), link type \(linkType): \(noise)")
            }
        }
    }

    @Test func tunnelsInTunnelsEnd() {
        let nested =
            [UInt8](repeating: 0, count: 0) + (0..<200).flatMap { _ in MPLSEntry(label: 1, isBottom: false).encoded() }
        let dissected = Dissected(Sample.ethernet(.mpls) + nested)
        #expect(dissected.stop == .tooDeep)
        #expect(dissected.kinds.count == Dissector.maximumDepth)
    }
}
