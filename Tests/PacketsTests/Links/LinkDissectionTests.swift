import Addressing
import Testing

@testable import Packets

/// What the link layers hand on, and where they stop.
@Suite struct LinkDissectionTests {
    private static let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

    @Test func lengthInsteadOfTypeIsLLC() {
        let payload = Self.snap + Sample.ipPacket
        let frame = Sample.ethernet(EtherType(rawValue: UInt16(payload.count))) + payload + [0, 0, 0, 0]
        let dissected = Dissected(frame)
        #expect(dissected.kinds == [.ethernet, .llc, .ipv4, .tcp])
        #expect(dissected.number("eth.type") == nil)
        #expect(dissected.number("eth.len") == UInt64(payload.count))
        #expect(Int(dissected.dissection.layers[1].end) == frame.count - 4)
    }

    @Test func netWareWithoutLLCAndNumbersThatAreNothing() {
        #expect(
            Dissected(Sample.ethernet(EtherType(rawValue: 40)) + [0xff, 0xff] + Sample.ipPacket).stop
                == .unsupported(after: .ethernet, number: 0xffff))
        #expect(
            Dissected(Sample.ethernet(EtherType(rawValue: 1510)) + Sample.ipPacket).stop
                == .unsupported(after: .ethernet, number: 1510))
    }

    @Test func stackedTags() {
        let frame =
            Sample.ethernet(.providerVLAN) + VLANHeader(identifier: 100, etherType: .vlan).encoded()
            + VLANHeader(identifier: 5, etherType: .ipv4).encoded() + Sample.ipPacket
        let dissected = Dissected(frame)
        #expect(dissected.kinds == [.ethernet, .providerVLAN, .vlan, .ipv4, .tcp])
        // The provider's tag has names of its own in Wireshark: the first vlan.id is the customer's.
        #expect(dissected.values("vlan.id") == [.unsigned(5)])
        #expect(dissected.values("ieee8021ad.id") == [.unsigned(100)])
    }

    @Test func loopbackInEveryByteOrder() {
        for family: [UInt8] in [[2, 0, 0, 0], [0, 0, 0, 2], [0, 2, 0, 0], [0, 0, 2, 0], [0, 8, 0, 0]] {
            #expect(Dissected(family + Sample.ipPacket, .null).kinds == [.null, .ipv4, .tcp], "\(family)")
        }
        #expect(Dissected([0, 0, 0, 2] + Sample.ipPacket, .loop).kinds == [.null, .ipv4, .tcp])
        #expect(
            Dissected([2, 0, 0, 0] + Sample.ipPacket, .loop).stop == .unsupported(after: .null, number: 0x0200_0000))
        #expect(Dissected([0xff, 3, 0, 0x21] + Sample.ipPacket, .null).kinds == [.ppp, .ipv4, .tcp])
    }

    @Test func pppWithAndWithoutItsBytes() {
        for header: [UInt8] in [[0xff, 3, 0, 0x21], [0xff, 3, 0x21], [0, 0x21], [0x21]] {
            #expect(Dissected(header + Sample.ipPacket, .pppHDLC).kinds == [.ppp, .ipv4, .tcp], "\(header)")
        }
        #expect(Dissected([0x0f, 0, 8, 0] + Sample.ipPacket, .pppHDLC).kinds == [.ciscoHDLC, .ipv4, .tcp])
        #expect(
            Dissected([0xff, 3, 0xc0, 0x21, 1, 1, 0, 4], .pppHDLC).stop == .unsupported(after: .ppp, number: 0xc021))
    }

    @Test func frameRelay() {
        for header: [UInt8] in [
            [0x18, 0x41, 3, 0xcc], [0x18, 0x41, 3, 0, 0xcc], [0x18, 0x41, 8, 0], [0x18, 0x40, 0x41, 3, 0xcc],
            [0x18, 0x41, 3, 0x80, 0, 0, 0, 8, 0],
        ] {
            #expect(Dissected(header + Sample.ipPacket, .frameRelay).kinds == [.frameRelay, .ipv4, .tcp], "\(header)")
        }
        #expect(
            Dissected([0x19, 0x41, 3, 0xcc] + Sample.ipPacket, .frameRelay).stop
                == .malformed(.frameRelay, .headerLength, offset: 0))
    }

    @Test func guessesUnderTheLastLabel() {
        let labels = MPLSEntry(label: 16, isBottom: false).encoded() + MPLSEntry(label: 17, isBottom: true).encoded()
        #expect(
            Dissected(Sample.ethernet(.mpls) + labels + Sample.ipPacket).kinds == [
                .ethernet, .mpls, .mpls, .ipv4, .tcp,
            ])
        #expect(
            Dissected(Sample.ethernet(.mpls) + labels + [0, 0, 0, 1] + Sample.frame).kinds
                == [.ethernet, .mpls, .mpls, .pseudowire, .ethernet, .ipv4, .tcp])
        #expect(Dissected(Sample.ethernet(.mpls) + labels + [0xe0]).stop == .unsupported(after: .mpls, number: 17))
    }

    @Test func wirelessFrames() {
        let addresses = [UInt8](repeating: 2, count: 18) + [0x10, 0]
        let data: [UInt8] = [8, 1, 0, 0] + addresses
        #expect(Dissected(data + Self.snap + Sample.ipPacket, .ieee80211).kinds == [.ieee80211, .llc, .ipv4, .tcp])
        #expect(
            Dissected([8, 0x41, 0, 0] + addresses + Self.snap, .ieee80211).stop
                == .unsupported(after: .ieee80211, number: 0x40))
        #expect(Dissected([8, 5, 0, 0] + addresses + Self.snap, .ieee80211).stop == .fragment(.ieee80211))
        #expect(Dissected([0x80, 0, 0, 0] + addresses, .ieee80211).stop == .complete)
        #expect(Dissected(data + [8, 0] + Sample.ipPacket, .ieee80211).kinds == [.ieee80211, .ipv4, .tcp])
        let mesh: [UInt8] = [0x88, 3, 0, 0] + addresses + [1, 2, 3, 4, 5, 6] + [0, 1] + [0, 31, 0, 0, 0, 1]
        #expect(Dissected(mesh + Self.snap + Sample.ipPacket, .ieee80211).kinds == [.ieee80211, .llc, .ipv4, .tcp])
    }

    @Test func everyFrameOfAnAggregate() {
        func subframe(_ packet: [UInt8]) -> [UInt8] {
            let content = Self.snap + packet
            var bytes = [UInt8](repeating: 7, count: 12) + [0, UInt8(content.count)] + content
            while bytes.count % 4 != 0 { bytes.append(0) }
            return bytes
        }
        let header: [UInt8] = [0x88, 2, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0, 0x80, 0]
        let dissected = Dissected(
            header + subframe(Sample.ipv4(.udp, Sample.udp([1]))) + subframe(Sample.ipPacket), .ieee80211)
        #expect(dissected.kinds == [.ieee80211, .llc, .ipv4, .udp, .llc, .ipv4, .tcp])
    }

    @Test func radiotapSaysWhatEndsTheFrame() {
        let frame: [UInt8] =
            [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + Self.snap + Sample.ipPacket + [1, 2, 3, 4]
        let dissected = Dissected([0, 0, 9, 0, 2, 0, 0, 0, 0x10] + frame, .ieee80211Radiotap)
        #expect(dissected.kinds == [.radiotap, .ieee80211, .llc, .ipv4, .tcp])
        #expect(Int(dissected.dissection.layers[1].end) == dissected.record.count - 4)
        #expect(
            Dissected([0, 0, 4, 0, 2, 0, 0, 0] + frame, .ieee80211Radiotap).stop
                == .malformed(.radiotap, .headerLength, offset: 2))
    }

    @Test func netfilterLogInBothByteOrders() {
        let length = UInt8(Sample.ipPacket.count + 4)
        #expect(Dissected([2, 0, 0, 0, length, 0, 9, 0] + Sample.ipPacket, .nflog).kinds == [.nflog, .ipv4, .tcp])
        #expect(Dissected([2, 0, 0, 0, 0, length, 0, 9] + Sample.ipPacket, .nflog).kinds == [.nflog, .ipv4, .tcp])
        // What was not captured of one attribute spoils all of them.
        #expect(Dissected([2, 0, 0, 0, length, 0, 9, 0] + Sample.ipPacket, .nflog, cut: 40).kinds == [.nflog])
        let padded = Sample.ipPacket + [UInt8](repeating: 0, count: (4 - Sample.ipPacket.count % 4) % 4)
        #expect(
            Dissected(
                [2, 0, 0, 0, length, 0, 9, 0] + padded + [8, 0, 1, 0, 8, 0, 0, 0], .nflog, cut: 8 + padded.count
            ).kinds == [.nflog])
        #expect(
            Dissected([2, 0, 0, 0, 3, 0, 9, 0] + Sample.ipPacket, .nflog).stop
                == .malformed(.nflog, .headerLength, offset: 4))
    }

    @Test func cutHeadersShowWhatIsThere() {
        let frame = Sample.ethernet(.ipv4) + Sample.ipPacket
        let inIP = Dissected(frame, cut: 14 + 10)
        #expect(inIP.number("ip.ttl") == 64)
        #expect(inIP.number("ip.proto") == 6)
        #expect(inIP.values("ip.src").isEmpty)
        guard case .truncatedBySnaplen(let error) = inIP.stop else {
            Issue.record("\(inIP.stop)")
            return
        }
        #expect(error == LengthError(required: 20, available: 10, layer: .ipv4, offset: 14, source: .captured))
        let inTCP = Dissected(frame, cut: 14 + 20 + 4)
        #expect(inTCP.number("tcp.dstport") == 7)
        #expect(inTCP.values("tcp.seq_raw").isEmpty)
        #expect(Dissected(frame, cut: 13).values("eth.dst").isEmpty)
        #expect(Dissected(Sample.ethernet(.arp) + [0, 1, 8, 0, 6, 4, 0, 1, 2, 3]).number("arp.opcode") == 1)
    }
}

/// What tells frames of one kind of device, channel or bridge from those of another.
@Suite struct LinkDetailTests {
    private static let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

    @Test func typesThatWrapAnotherHeader() {
        #expect(
            Dissected(Sample.ethernet(.jumboLLC) + Self.snap + Sample.ipPacket).kinds == [.ethernet, .llc, .ipv4, .tcp])
        let wireless: [UInt8] =
            [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + Self.snap + Sample.ipPacket
        #expect(
            Dissected(Sample.ethernet(.wirelessFrame) + wireless).kinds == [.ethernet, .ieee80211, .llc, .ipv4, .tcp])
        #expect(
            Dissected(Sample.ethernet(.lightweightAccessPoint) + [0, 1, 2, 3, 4, 5] + wireless).kinds
                == [.ethernet, .lwapp, .ieee80211, .llc, .ipv4, .tcp])
        // FabricPath, its tag behind a VLAN's or not; the last four bytes are its checksum.
        for tag: [UInt8] in [[0x89, 3], [0x81, 0, 0, 5, 0x89, 3], [0x88, 0xa8, 0, 5, 0x89, 3]] {
            let outer: [UInt8] = [UInt8](repeating: 2, count: 12) + tag + [0, 1]
            #expect(
                Dissected(outer + Sample.frame + [1, 2, 3, 4]).kinds == [.fabricPath, .ethernet, .ipv4, .tcp], "\(tag)")
            // Four of them are the checksum.
            #expect(Dissected(outer + Sample.frame.prefix(16)).kinds == [.fabricPath, .ethernet])
        }
    }

    @Test func expressFrames() {
        for preamble: [UInt8] in [[UInt8](repeating: 0x55, count: 7), [0x50, 0x55, 0x55], []] {
            let dissected = Dissected(preamble + [0xd5] + Sample.frame + [1, 2, 3, 4], .ethernetMPacket)
            #expect(dissected.kinds == [.expressFrame, .ethernet, .ipv4, .tcp])
            #expect(dissected.stop == .complete)
        }
        // The first piece of a frame that gives way.
        #expect(
            Dissected([0x55, 0x55, 0xe6] + Sample.frame, .ethernetMPacket).stop
                == .unsupported(after: .expressFrame, number: 0xe6))
    }

    @Test func addressesOverATM() {
        let whole: [UInt8] = [0, 19, 8, 0, 2, 0, 0, 1, 4, 0, 0, 4, 7, 7, 10, 0, 0, 1, 10, 0, 0, 2]
        let dissected = Dissected(Sample.ethernet(.arp) + whole)
        #expect(dissected.number("arp.opcode") == 1)
        #expect(dissected.values("arp.dst.proto_ipv4") == [.ipv4(Sample.to)])
        let cut = Dissected(Sample.ethernet(.arp) + whole.dropLast())
        #expect(cut.values("arp.opcode").isEmpty && cut.number("arp.hw.type") == 19)
    }

    @Test func circuitsOfSunATM() {
        #expect(Dissected([2, 0, 0, 9] + Self.snap + Sample.ipPacket, .sunATM).kinds == [.sunATM, .llc, .ipv4, .tcp])
        #expect(Dissected([1, 0, 0, 9, 0, 0] + Sample.frame, .sunATM).kinds == [.sunATM, .ethernet, .ipv4, .tcp])
        // What nothing names: LLC, PPP, a bridged frame, IP.
        #expect(Dissected([0, 0, 0, 9] + Self.snap + Sample.ipPacket, .sunATM).kinds == [.sunATM, .llc, .ipv4, .tcp])
        #expect(Dissected([3, 0, 0, 9, 0, 0x21] + Sample.ipPacket, .sunATM).kinds == [.sunATM, .ppp, .ipv4, .tcp])
        #expect(Dissected([4, 0, 0, 9, 0, 0] + Sample.frame, .sunATM).kinds == [.sunATM, .ethernet, .ipv4, .tcp])
        #expect(Dissected([0, 0, 0, 9] + Sample.ipPacket, .sunATM).kinds == [.sunATM, .ipv4, .tcp])
        #expect(Dissected([0, 0, 0, 5] + Sample.ipPacket, .sunATM).kinds == [.sunATM])
    }

    @Test func paddingBeforeOSI() {
        // Cisco pads before all but the network layer's own protocols.
        #expect(
            Dissected([0x0f, 0, 0xfe, 0xfe, 0, 0xcc] + Sample.ipPacket, .ciscoHDLC).kinds == [
                .ciscoHDLC, .osi, .ipv4, .tcp,
            ])
        #expect(
            Dissected([0x0f, 0, 0xfe, 0xfe, 0xcc] + Sample.ipPacket, .ciscoHDLC).stop
                == .unsupported(after: .osi, number: 0x45))
        #expect(Dissected([0x0f, 0, 0xfe, 0xfe, 0x83, 27], .ciscoHDLC).stop == .unsupported(after: .osi, number: 0x83))
    }

    @Test func fieldsBeforeAFrame() {
        let frame: [UInt8] =
            [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + Self.snap + Sample.ipPacket + [1, 2, 3, 4]
        let common: [UInt8] =
            [2, 0, 20, 0] + [UInt8](repeating: 0, count: 8) + [1, 0] + [UInt8](repeating: 0, count: 10)
        // Three bytes of something, the flags; with padding to four bytes, which the length does not count.
        func header(flags: UInt8, _ padding: [UInt8]) -> [UInt8] {
            [0, flags, 39, 0, 105, 0, 0, 0] + [9, 0, 3, 0, 7, 7, 7] + padding + common
        }
        for header in [header(flags: 0, []), header(flags: 1, [0])] {
            let dissected = Dissected(header + frame, .ppi)
            #expect(dissected.kinds == [.ppi, .ieee80211, .llc, .ipv4, .tcp])
            #expect(Int(dissected.dissection.layers[1].end) == dissected.record.count - 4)
        }
        // A last fragment without the others has no checksum taken off.
        var last = frame
        last[22] = 0x11
        let dissected = Dissected([0, 0, 9, 0, 2, 0, 0, 0, 0x10] + last, .ieee80211Radiotap)
        #expect(Int(dissected.dissection.layers[1].end) == dissected.record.count)
    }

    @Test func bytesThatCardsPutBeforeLLC() {
        let header: [UInt8] = [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x20, 0x10]
        for extra: [UInt8] in [[0, 0], [0x20, 0x10]] {
            #expect(
                Dissected(header + extra + Self.snap + Sample.ipPacket, .ieee80211).kinds == [
                    .ieee80211, .llc, .ipv4, .tcp,
                ], "\(extra)")
        }
        func address(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 6) }
        let other: [UInt8] = [8, 1, 0, 0] + address(2) + address(3) + address(4) + [0x10, 0]
        let ethernet = address(0) + address(4) + address(3) + [8, 0]
        #expect(
            Dissected(other + ethernet + Sample.ipPacket, .ieee80211).kinds == [.ieee80211, .ethernet, .ipv4, .tcp])
        // An EtherType without LLC, as of any protocol that is known.
        #expect(
            Dissected(header + [0xf1, 0xc1, 0, 0, 0, 9, 8, 0] + Sample.ipPacket, .ieee80211).kinds == [
                .ieee80211, .redundancyTag, .ipv4, .tcp,
            ])
    }

    @Test func associatedChannel() {
        func under(_ label: UInt32, _ bytes: [UInt8]) -> Dissected {
            Dissected(Sample.ethernet(.mpls) + MPLSEntry(label: label, isBottom: true).encoded() + bytes)
        }
        #expect(
            under(16, [0x10, 0, 0, 0x21] + Sample.ipPacket).kinds == [
                .ethernet, .mpls, .associatedChannel, .ipv4, .tcp,
            ])
        #expect(
            under(16, [0x10, 0, 0, 0x57] + Sample.ipv6(.tcp, Sample.tcp)).kinds == [
                .ethernet, .mpls, .associatedChannel, .ipv6, .tcp,
            ])
        #expect(under(16, [0x10, 0, 0, 7, 0, 0]).stop == .unsupported(after: .associatedChannel, number: 7))
        #expect(under(13, [0x10, 0, 0, 0x21] + Sample.ipPacket).number("pwach.channel_type") == 0x21)
        #expect(under(14, Sample.ipPacket).stop == .unsupported(after: .mpls, number: 14))
        #expect(under(16, [0x10, 0]).kinds == [.ethernet, .mpls, .associatedChannel])
    }

    @Test func cookedFramesOfDevicesWithHeadersOfTheirOwn() {
        func cooked(_ hardware: UInt16, _ number: UInt16, _ bytes: [UInt8]) -> [LayerKind] {
            Dissected(
                LinuxSLLValues(
                    packetType: 0, hardwareType: hardware, address: [1, 2, 3, 4, 5, 6], protocolNumber: number
                ).encoded() + bytes, .linuxSLL
            ).kinds
        }
        let radio: [UInt8] =
            [0, 0, 8, 0, 0, 0, 0, 0, 8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + Self.snap
        #expect(cooked(803, 4, radio + Sample.ipPacket) == [.linuxSLL, .radiotap, .ieee80211, .llc, .ipv4, .tcp])
        #expect(cooked(803, 0x0800, Sample.ipPacket) == [.linuxSLL, .ipv4, .tcp])
        #expect(cooked(770, 0, [0x18, 0x41, 3, 0xcc] + Sample.ipPacket) == [.linuxSLL, .frameRelay, .ipv4, .tcp])
        #expect(cooked(770, 0x0800, Sample.ipPacket) == [.linuxSLL, .ipv4, .tcp])
        #expect(cooked(778, 0x0800, Sample.ipPacket) == [.linuxSLL, .ipv4, .tcp])
        #expect(cooked(778, 0x8100, [0, 5, 8, 0] + Sample.ipPacket) == [.linuxSLL])  // GRE carries no tags
        #expect(cooked(1, 4, Self.snap + Sample.ipPacket) == [.linuxSLL, .llc, .ipv4, .tcp])
    }

    @Test func bridgedFramesWithPaddingAndWithout() {
        func bridged(_ flags: UInt8, _ bytes: [UInt8]) -> Dissected {
            Dissected([0xff, 3, 0, 0x31, flags, 1] + bytes, .ppp)
        }
        #expect(bridged(0, Sample.frame).kinds == [.ppp, .bridgedPPP, .ethernet, .ipv4, .tcp])
        #expect(bridged(0x40, Sample.frame).kinds == [.ppp, .bridgedPPP, .ethernet, .ipv4, .tcp])
        #expect(bridged(0x10, Sample.frame).kinds == [.ppp, .bridgedPPP])
        let padded = bridged(0x83, Sample.frame + [1, 2, 3, 4] + [0, 0, 0])
        #expect(padded.kinds == [.ppp, .bridgedPPP, .ethernet, .ipv4, .tcp])
        #expect(padded.dissection.first(.ethernet).map { Int($0.end) } == padded.record.count - 3)
    }

    @Test func meshControlIsKnownByWhatFollows() {
        let addresses = [UInt8](repeating: 2, count: 18) + [0x10, 0]
        let fromMesh: [UInt8] = [0x88, 2, 0, 0] + addresses + [0, 1]
        for count in 0..<3 {
            let control = [UInt8(count), 31, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 6 * count)
            #expect(
                Dissected(fromMesh + control + Self.snap + Sample.ipPacket, .ieee80211).kinds == [
                    .ieee80211, .llc, .ipv4, .tcp,
                ], "\(count)")
            #expect(
                Dissected([8, 2, 0, 0] + addresses + control + Self.snap + Sample.ipPacket, .ieee80211).kinds == [
                    .ieee80211, .llc, .ipv4, .tcp,
                ])
        }
        // Nothing like LLC behind it: an Ethernet frame to the receiver.
        let frame = [UInt8](repeating: 2, count: 12) + [8, 0] + Sample.ipPacket
        #expect(Dissected(fromMesh + frame, .ieee80211).kinds == [.ieee80211, .ethernet, .ipv4, .tcp])
    }

    @Test func unknownVersionsOfRadiotapHaveOnlyALength() {
        let frame: [UInt8] = [8, 1, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0] + Self.snap + Sample.ipPacket
        let dissected = Dissected([1, 0, 9, 0, 2, 0, 0, 0, 0x30] + frame, .ieee80211Radiotap)
        #expect(dissected.kinds == [.radiotap, .ieee80211, .llc, .ipv4, .tcp])
        #expect(Int(dissected.dissection.layers[1].end) == dissected.record.count)
    }

    @Test func attributesThatDoNotEnd() {
        let length = UInt8(Sample.ipPacket.count + 4)
        let whole: [UInt8] =
            [2, 0, 0, 0, length, 0, 9, 0] + Sample.ipPacket
            + [UInt8](repeating: 0, count: (4 - Sample.ipPacket.count % 4) % 4)
        #expect(Dissected(whole + [5, 0, 6, 0, 1], .nflog).kinds == [.nflog, .ipv4, .tcp])
        #expect(Dissected(whole + [9, 0, 6, 0, 1], .nflog).kinds == [.nflog])
    }

    @Test func controlFieldOfLLC() {
        func control(_ bytes: [UInt8]) -> UInt64? {
            Dissected(Sample.ethernet(EtherType(rawValue: UInt16(bytes.count))) + bytes).number("llc.control")
        }
        #expect(control([0x42, 0x42, 3, 0]) == 3)
        #expect(control([0xfe, 0xfe, 0x84, 0x41, 0]) == 0x4184)
    }

    @Test func addressesOfATMAndOfOtherHardware() {
        let ethernet: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2]
        #expect(Dissected(Sample.ethernet(.arp) + ethernet).values("arp.src.hw_mac").count == 1)
        #expect(Dissected(Sample.ethernet(.arp) + [0, 7] + ethernet.dropFirst(2)).values("arp.src.hw_mac").isEmpty)
        #expect(
            Dissected(Sample.ethernet(.arp) + [0, 7] + ethernet.dropFirst(2)).values("arp.src.proto_ipv4").count == 1)
        // ATM number of two bytes, no subaddress, for the sender; none for the target (RFC 2225).
        let atm: [UInt8] = [0, 19, 8, 0, 2, 0, 0, 1, 4, 0, 0, 4, 7, 7, 10, 0, 0, 1, 10, 0, 0, 2]
        let dissected = Dissected(Sample.ethernet(.arp) + atm)
        #expect(dissected.values("arp.src.proto_ipv4") == [.ipv4(IPv4Address(rawValue: 0x0a00_0001))])
        #expect(dissected.values("arp.dst.proto_ipv4") == [.ipv4(IPv4Address(rawValue: 0x0a00_0002))])
    }
}
