import Addressing
import Testing

@testable import Packets

/// Packets in packets.
@Suite struct TunnelTests {
    private func overUDP(_ port: UInt16, _ payload: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp(payload, to: Port(port))))
    }

    private func overIP(_ number: IPProtocol, _ payload: [UInt8]) -> Dissected {
        Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(number, payload))
    }

    @Test func ipInIP() {
        #expect(overIP(.ipv4, Sample.ipPacket).kinds == [.ethernet, .ipv4, .ipv4, .tcp])
        #expect(overIP(.ipv6, Sample.ipv6(.tcp, Sample.tcp)).kinds == [.ethernet, .ipv4, .ipv6, .tcp])
        #expect(
            Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.ipv4, Sample.ipPacket)).kinds == [
                .ethernet, .ipv6, .ipv4, .tcp,
            ])
        #expect(
            overIP(.etherIP, [0x30, 0] + Sample.frame).kinds == [.ethernet, .ipv4, .etherIP, .ethernet, .ipv4, .tcp])
    }

    @Test func gre() throws {
        let bytes = GREValues(protocolType: .ipv4, key: 0x0102_0304, sequence: 9).encoded()
        #expect(bytes == [0x30, 0, 8, 0, 1, 2, 3, 4, 0, 0, 0, 9])
        #expect(
            GREValues(try GREHeader(bytes.rawSpan)) == GREValues(protocolType: .ipv4, key: 0x0102_0304, sequence: 9))
        expectExactPrefixErrors(GREHeader.self, bytes, required: 4, layer: .gre)
        #expect(overIP(.gre, bytes + Sample.ipPacket).kinds == [.ethernet, .ipv4, .gre, .ipv4, .tcp])
        #expect(overIP(.gre, bytes + Sample.ipPacket).values("gre.key") == [.unsigned(0x0102_0304)])
        // PPTP's version with its acknowledgment, WCCP's redirect header, ERSPAN of the first and second kind.
        #expect(
            overIP(
                .gre, [0x30, 0x81, 0x88, 0x0b, 0, 40, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21] + Sample.ipPacket
            ).kinds
                == [.ethernet, .ipv4, .gre, .ppp, .ipv4, .tcp])
        #expect(
            overIP(.gre, [0, 0, 0x88, 0x3e, 1, 2, 3, 4] + Sample.ipPacket).kinds == [
                .ethernet, .ipv4, .gre, .ipv4, .tcp,
            ])
        #expect(
            overIP(.gre, [0, 0, 0x88, 0xbe] + Sample.frame).kinds == [.ethernet, .ipv4, .gre, .ethernet, .ipv4, .tcp])
        #expect(
            overIP(.gre, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 2, 0, 0, 0, 3] + Sample.frame).kinds
                == [.ethernet, .ipv4, .gre, .erspan, .ethernet, .ipv4, .tcp])
        #expect(overUDP(4754, bytes + Sample.ipPacket).kinds == [.ethernet, .ipv4, .udp, .gre, .ipv4, .tcp])
        // Routing entries that never end.
        #expect(
            overIP(.gre, [0x40, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0, 200]).stop
                == .truncatedOnWire(LengthError(required: 216, available: 12, layer: .gre, offset: 34, source: .wire)))
    }

    @Test func vxlanAndGeneve() throws {
        let vxlan = VXLANValues(networkIdentifier: 0x123456).encoded()
        #expect(vxlan == [8, 0, 0, 0, 0x12, 0x34, 0x56, 0])
        #expect(try VXLANHeader(vxlan.rawSpan).networkIdentifier == 0x123456)
        expectExactPrefixErrors(VXLANHeader.self, vxlan, required: 8, layer: .vxlan)
        #expect(overUDP(4789, vxlan + Sample.frame).kinds == [.ethernet, .ipv4, .udp, .vxlan, .ethernet, .ipv4, .tcp])
        let geneve = GeneveValues(protocolType: .transparentBridging, networkIdentifier: 7).encoded()
        #expect(
            GeneveValues(try GeneveHeader(geneve.rawSpan))
                == GeneveValues(protocolType: .transparentBridging, networkIdentifier: 7))
        expectExactPrefixErrors(GeneveHeader.self, geneve, required: 8, layer: .geneve)
        #expect(
            overUDP(6081, geneve + Sample.frame).kinds == [.ethernet, .ipv4, .udp, .geneve, .ethernet, .ipv4, .tcp])
        #expect(
            overUDP(6081, [0x3f] + geneve.dropFirst()).stop
                == .truncatedOnWire(LengthError(required: 260, available: 8, layer: .geneve, offset: 42, source: .wire))
        )
    }

    @Test func gtp() throws {
        let plain: [UInt8] = [0x30, 0xff, 0, UInt8(Sample.ipPacket.count), 0, 0, 0, 1]
        let header = try GTPHeader(plain.rawSpan)
        #expect(header.version == 1 && header.messageType == 0xff && header.tunnelEndpoint == 1)
        expectExactPrefixErrors(GTPHeader.self, plain, required: 8, layer: .gtp)
        #expect(overUDP(2152, plain + Sample.ipPacket).kinds == [.ethernet, .ipv4, .udp, .gtp, .ipv4, .tcp])
        let extended: [UInt8] = [0x34, 0xff, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 9, 0]
        #expect(overUDP(2152, extended + Sample.ipPacket).kinds == [.ethernet, .ipv4, .udp, .gtp, .ipv4, .tcp])
        // An extension header of length 0 would never end.
        #expect(
            overUDP(2152, [0x34, 0xff, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x85, 0, 0, 0, 0]).stop
                == .malformed(.gtp, .headerLength, offset: 54))
        #expect(overUDP(2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]).stop == .complete)
    }

    @Test func teredoAndL2TP() throws {
        #expect(overUDP(3544, Sample.ipv6(.tcp, Sample.tcp)).kinds == [.ethernet, .ipv4, .udp, .teredo, .ipv6, .tcp])
        let authenticated: [UInt8] = [0, 1, 0, 0] + [UInt8](repeating: 5, count: 9) + [0, 0, 1, 2, 3, 4, 5, 6]
        #expect(
            overUDP(3544, authenticated + Sample.ipv6(.tcp, Sample.tcp)).kinds == [
                .ethernet, .ipv4, .udp, .teredo, .ipv6, .tcp,
            ])
        let data: [UInt8] = [0, 2, 0, 1, 0, 2]
        #expect(try !L2TPHeader(data.rawSpan).isControl)
        #expect(try L2TPHeader(data.rawSpan).version == 2)
        expectExactPrefixErrors(L2TPHeader.self, data, required: 6, layer: .l2tp)
        #expect(
            overUDP(1701, data + [0xff, 3, 0, 0x21] + Sample.ipPacket).kinds == [
                .ethernet, .ipv4, .udp, .l2tp, .ppp, .ipv4, .tcp,
            ])
        #expect(overUDP(1701, [0xc8, 2, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0]).kinds == [.ethernet, .ipv4, .udp, .l2tp])
    }

    @Test func tagsOfBridges() {
        for (type, tag) in [
            (EtherType.virtualNICTag, [0, 0, 0, 1, 8, 0]), (.bridgePortTag, [0, 0, 0, 0, 0, 1, 8, 0]),
            (.hsrTag, [0x10, 0, 0, 1, 8, 0]),
            (.redundancyTag, [0, 0, 0, 1, 8, 0]), (.metadataTag, [1, 1, 0, 1, 0, 9, 8, 0]),
            (.macInMAC, [0, 0, 0, 1] + [UInt8](repeating: 3, count: 12) + [8, 0]),
        ] as [(EtherType, [UInt8])] {
            let dissected = Dissected(Sample.ethernet(type) + tag + Sample.ipPacket)
            #expect(dissected.kinds.suffix(2) == [.ipv4, .tcp] && dissected.kinds.count == 4, "\(type)")
        }
        #expect(
            Dissected(Sample.ethernet(.macsec) + [0x0c, 0, 0, 0, 0, 1] + Sample.ipPacket).stop
                == .unsupported(after: .macsec, number: 0x0c))
    }
}

@Suite struct SFlowTests {
    /// A datagram with one sample a frame.
    static func datagram(_ frames: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0, 5, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        bytes.append(uint32: UInt32(frames.count))
        for frame in frames {
            let padded = frame + [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
            for number in [
                1, 32 + 8 + 16 + padded.count, 1, 1, 100, 0, 0, 1, 2, 1, 1, 16 + padded.count, 1, frame.count, 0,
                frame.count,
            ] {
                bytes.append(uint32: UInt32(number))
            }
            bytes += padded
        }
        return bytes
    }

    @Test func everySampleIsOpened() {
        let other = Sample.ethernet(.ipv6) + Sample.ipv6(.udp, Sample.udp([]))
        let packet =
            Sample.ethernet(.ipv4) + Sample.ipv4(.udp, Sample.udp(Self.datagram([Sample.frame, other]), to: 6343))
        let dissected = Dissected(packet)
        #expect(dissected.kinds == [.ethernet, .ipv4, .udp, .sflow, .ethernet, .ipv4, .tcp, .ethernet, .ipv6, .udp])
        #expect(dissected.values("tcp.len").isEmpty)
    }
}
