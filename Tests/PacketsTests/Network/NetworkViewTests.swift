import Addressing
import Testing

@testable import Packets

/// The views of the network layer: literal bytes, encode and decode, every short prefix, impossible lengths.
@Suite struct NetworkViewTests {
    private static let ipv4: [UInt8] = [
        0x45, 0xb9, 0, 0x28, 0x12, 0x34, 0x40, 0, 61, 6, 0, 0, 10, 1, 2, 3, 10, 4, 5, 6,
    ]

    @Test func ipv4() throws {
        let packet = try IPv4Packet(Self.ipv4.rawSpan)
        #expect(
            packet.version == 4 && packet.headerLength == 20 && packet.trafficClass == 0xb9 && packet.totalLength == 40)
        #expect(
            packet.identification == 0x1234 && packet.dontFragment && !packet.moreFragments
                && packet.fragmentOffset == 0)
        #expect(packet.timeToLive == 61 && packet.protocolNumber == .tcp)
        #expect(packet.source == IPv4Address(10, 1, 2, 3) && packet.destination == IPv4Address(10, 4, 5, 6))
        let header = IPv4Header(packet)
        let encoded = header.encoded()
        #expect(IPv4Header(try IPv4Packet(encoded.rawSpan)) == header)
        #expect(encoded.prefix(10) == Self.ipv4.prefix(10))
        expectExactPrefixErrors(IPv4Packet.self, encoded, required: 20, layer: .ipv4)
    }

    @Test func ipv4OptionsAndTheSourceRoute() throws {
        var bytes = Self.ipv4
        bytes[0] = 0x48
        bytes += [1, 131, 7, 4, 192, 0, 2, 9, 148, 4, 0, 0]
        var types: [UInt8] = []
        do {
            let packet = try IPv4Packet(bytes.rawSpan)
            var options = packet.options
            while let option = options.next() { types.append(option.type) }
            #expect(packet.finalDestination == IPv4Address(192, 0, 2, 9))
        }
        #expect(types == [1, 131, 148])
        bytes[23] = 8  // the pointer says that the route is used up
        #expect(try IPv4Packet(bytes.rawSpan).finalDestination == IPv4Address(10, 4, 5, 6))
        let cut = Array(bytes.prefix(22))
        #expect(try IPv4Packet(cut.rawSpan).finalDestination == nil)
    }

    @Test func ipv4WithImpossibleLengths() {
        func stop(_ change: (inout [UInt8]) -> Void) -> DissectionStop {
            var bytes = Sample.frame
            change(&bytes)
            return Dissected(bytes).stop
        }
        #expect(stop { $0[14] = 0x44 } == .malformed(.ipv4, .headerLength, offset: 14))
        #expect(stop { $0[14] = 0x55 } == .malformed(.ipv4, .version, offset: 14))
        #expect(
            stop {
                $0[16] = 0
                $0[17] = 19
            } == .malformed(.ipv4, .totalLength, offset: 16))
        // The total length cuts TCP's header: a length field is to blame, not the capture.
        let short = stop {
            $0[16] = 0
            $0[17] = 30
        }
        #expect(
            short
                == .truncatedOnWire(
                    LengthError(required: 20, available: 10, layer: .tcp, offset: 34, source: .lengthField)))
        // 0 is segmentation offload: the packet ends with the frame.
        var offload = Sample.frame
        offload[16] = 0
        offload[17] = 0
        let dissected = Dissected(offload)
        #expect(dissected.kinds == [.ethernet, .ipv4, .tcp])
        #expect(dissected.number("ip.len") == UInt64(Sample.ipPacket.count))
        // Longer than the frame: what is there is shown, the claim stays a claim.
        var long = Sample.frame
        long[16] = 0x20
        let claimed = Dissected(long)
        #expect(claimed.number("ip.len") == UInt64(0x2000 + Sample.ipPacket.count))
        #expect(claimed.kinds == [.ethernet, .ipv4, .tcp])
    }

    @Test func onlyTheFirstFragmentGoesOn() {
        var first = Sample.frame
        first[20] = 0x20
        #expect(Dissected(first).kinds == [.ethernet, .ipv4, .tcp])
        #expect(Dissected(first).values("tcp.len").isEmpty)
        var later = Sample.frame
        later[21] = 3
        #expect(Dissected(later).stop == .fragment(.ipv4))
        #expect(Dissected(later).number("ip.frag_offset") == 3)
    }

    @Test func ipv6() throws {
        let header = IPv6Header(
            payloadLength: 8, nextHeader: .udp, source: Sample.from6, destination: Sample.to6, hopLimit: 63,
            trafficClass: 0xab, flowLabel: 0x12345)
        let bytes = header.encoded()
        #expect(bytes.prefix(8) == [0x6a, 0xb1, 0x23, 0x45, 0, 8, 17, 63])
        #expect(IPv6Header(try IPv6Packet(bytes.rawSpan)) == header)
        expectExactPrefixErrors(IPv6Packet.self, bytes, required: 40, layer: .ipv6)
        // Without a hop-by-hop header a payload length of 0 is no payload.
        var empty = Sample.ethernet(.ipv6) + Sample.ipv6(.udp, Sample.udp([]))
        empty[14 + 5] = 0
        #expect(Dissected(empty).kinds == [.ethernet, .ipv6])
    }

    /// Linux hands large segments to the card with a payload length of 0 and no jumbo option (BIG TCP); shorter than a
    /// TCP header it is padding.
    @Test func ipv6WithoutALengthForTheCard() {
        var packet = Sample.ethernet(.ipv6) + Sample.ipv6(.tcp, Sample.tcp)
        packet.replaceSubrange(18..<20, with: [0, 0])
        let found = Dissected(packet)
        #expect(found.kinds == [.ethernet, .ipv6, .tcp])
        #expect(found.number("tcp.len") == 5)
        #expect(Dissected(Array(packet.prefix(14 + 40 + 19))).kinds == [.ethernet, .ipv6])
        packet[14 + 40 + 12] = 0x40
        #expect(Dissected(packet).kinds == [.ethernet, .ipv6])
    }

    @Test func extensionHeaders() throws {
        let values = IPv6Extension(nextHeader: .udp, content: [5, 2, 0, 0])
        let bytes = values.encoded()
        #expect(bytes == [17, 0, 5, 2, 0, 0, 0, 0])
        let header = try IPv6ExtensionHeader(bytes.rawSpan)
        #expect(header.nextHeader == .udp && header.length == 8)
        #expect(IPv6Extension(header).encoded() == bytes)
        expectExactPrefixErrors(IPv6ExtensionHeader.self, bytes, required: 8, layer: .ipv6Destination)
        let packet = Sample.ethernet(.ipv6) + Sample.ipv6(.hopByHop, bytes + Sample.udp([]))
        #expect(Dissected(packet).kinds == [.ethernet, .ipv6, .ipv6HopByHop, .udp])
        #expect(Dissected(packet).number("ipv6.nxt") == 0)
        #expect(Dissected(packet).number("ipv6.hopopts.nxt") == 17)
        // An option that ends beyond the packet, a header longer than the packet.
        let overlong =
            Sample.ethernet(.ipv6) + Sample.ipv6(.ipv6Destination, [17, 0, 9, 200, 0, 0, 0, 0] + Sample.udp([]))
        #expect(Dissected(overlong).stop == .malformed(.ipv6Destination, .headerLength, offset: 56))
        let beyond = Sample.ethernet(.ipv6) + Sample.ipv6(.ipv6Routing, [17, 9, 0, 0, 0, 0, 0, 0])
        #expect(
            Dissected(beyond).stop
                == .truncatedOnWire(
                    LengthError(required: 80, available: 8, layer: .ipv6Routing, offset: 54, source: .wire)))
    }

    @Test func fragmentHeader() throws {
        let values = IPv6Fragment(
            nextHeader: .tcp, fragmentOffset: 1480, moreFragments: true, identification: 0xdead_beef)
        let bytes = values.encoded()
        #expect(bytes == [6, 0, 5, 0xc9, 0xde, 0xad, 0xbe, 0xef])
        #expect(IPv6Fragment(try IPv6FragmentHeader(bytes.rawSpan)) == values)
        expectExactPrefixErrors(IPv6FragmentHeader.self, bytes, required: 8, layer: .ipv6Fragment)
        #expect(
            Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.ipv6Fragment, bytes + [1, 2])).stop
                == .fragment(.ipv6Fragment))
    }

    @Test func authenticationHeader() throws {
        let bytes: [UInt8] = [6, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5] + [UInt8](repeating: 9, count: 12)
        let header = try AuthenticationHeader(bytes.rawSpan)
        #expect(
            header.nextHeader == .tcp && header.length == 24 && header.securityParametersIndex == 256
                && header.sequenceNumber == 5)
        expectExactPrefixErrors(AuthenticationHeader.self, bytes, required: 12, layer: .authentication)
        #expect(
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.authentication, bytes + Sample.tcp)).kinds == [
                .ethernet, .ipv4, .authentication, .tcp,
            ])
        // A length of 0 is impossible, but says where the next header begins: that is followed, as tshark does.
        let short = Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.authentication, [6, 0] + bytes.dropFirst(2)))
        #expect(
            short.stop == .truncatedOnWire(.init(required: 20, available: 16, layer: .tcp, offset: 42, source: .wire)))
    }

    @Test func icmp() throws {
        let echo: [UInt8] = [8, 0, 0x12, 0x34, 0, 7, 0, 9]
        let message = try ICMPMessage(echo.rawSpan)
        #expect(
            message.type == 8 && message.code == 0 && message.checksum == 0x1234 && message.identifier == 7
                && message.sequenceNumber == 9)
        #expect(message.quotesPacket == false)
        expectExactPrefixErrors(ICMPMessage.self, echo, required: 8, layer: .icmp)
        expectExactPrefixErrors(ICMPv6Message.self, echo, required: 8, layer: .icmpv6)
    }

    @Test func quotedPacketsAreMarked() {
        // An IPv4 error need quote only eight bytes of the segment (RFC 792).
        let quote = [3, 3, 0, 0, 0, 0, 0, 0] + Array(Sample.ipPacket.prefix(28))
        let dissected = Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, quote))
        #expect(dissected.kinds == [.ethernet, .ipv4, .icmp, .ipv4, .tcp])
        #expect(dissected.dissection.layers.map(\.isQuoted) == [false, false, false, true, true])
        #expect(dissected.number("tcp.dstport") == 7)
        #expect(dissected.values("tcp.len").isEmpty)
        #expect(dissected.values("ip.src").count == 2)
    }

    @Test func igmp() throws {
        let values = IGMPValues(type: 0x16, maximumResponseTime: 100, group: IPv4Address(224, 0, 0, 251))
        let bytes = values.encoded()
        #expect(bytes == [0x16, 100, 0x08, 0xa0, 224, 0, 0, 251])
        #expect(IGMPValues(try IGMPMessage(bytes.rawSpan)) == values)
        expectExactPrefixErrors(IGMPMessage.self, bytes, required: 8, layer: .igmp)
        #expect(Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.igmp, bytes)).status(.igmp) == .correct)
    }
}
