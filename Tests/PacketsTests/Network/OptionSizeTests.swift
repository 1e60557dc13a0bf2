import Addressing
import Testing

@testable import Packets

/// Options that say less than their definition has: where the next one begins, and what that does to the packet. Each
/// line was tried with tshark 4.0.17 on the same bytes.
@Suite struct OptionSizeTests {
    /// Whether the datagram behind a destination options header with these options is reached.
    private func reaches(_ options: [UInt8]) -> Bool {
        var header: [UInt8] = [IPProtocol.udp.rawValue, 0] + options
        while header.count % 8 != 0 { header.append(0) }
        header[1] = UInt8(header.count / 8 - 1)
        return Dissected(Sample.ethernet(.ipv6) + Sample.ipv6(.ipv6Destination, header + Sample.udp([1, 2, 3, 4])))
            .kinds.last == .udp
    }

    /// Fourteen bytes of padding, which make no sense read from any place but their first.
    private static let padding: [UInt8] = [1, 18] + [UInt8](repeating: 0xff, count: 18)

    @Test(arguments: [
        (0x04, 1), (0x05, 2), (0x08, 1), (0x0f, 10), (0x26, 6), (0x30, 4), (0x31, 10), (0x41, 4), (0x63, 4), (0x6d, 2),
        (0xc2, 4), (0xc9, 16), (0xee, 3),
    ])
    func ipv6OptionsAreReadToTheirOwnLength(type: UInt8, least: Int) {
        for length in 0..<20 {
            let option = [type, UInt8(length)] + [UInt8](repeating: 0, count: length) + Self.padding
            #expect(reaches(option) == (length >= least), "type \(type), length \(length)")
        }
    }

    @Test func ipv6OptionsOfUnknownTypesAreAsLongAsTheySay() {
        for length in 0..<20 {
            #expect(
                reaches([0x3e, UInt8(length)] + [UInt8](repeating: 0xff, count: length) + Self.padding), "\(length)")
        }
        // Seeds of two, eight and sixteen bytes, and a bitmap that is longer than the packet.
        #expect(!reaches([0x6d, 2, 0x40, 0] + Self.padding) && reaches([0x6d, 4, 0x40, 0, 1, 2] + Self.padding))
        #expect(!reaches([0x6d, 9, 0x80] + [UInt8](repeating: 0, count: 8) + Self.padding))
        #expect(reaches([0x6d, 18, 0xc0] + [UInt8](repeating: 0, count: 17) + Self.padding))
        #expect(!reaches([0x07, 8, 0, 0, 0, 1, 200, 0, 0, 0] + Self.padding))
    }

    private func ipv4(_ options: [UInt8]) -> Dissected {
        var options = options
        while options.count % 4 != 0 { options.append(0) }
        var header = Sample.ipv4(.udp, options + Sample.udp([1, 2, 3, 4]))
        header[0] = 0x45 + UInt8(options.count / 4)
        return Dissected(Sample.ethernet(.ipv4) + header)
    }

    @Test(arguments: [
        (7, 3), (11, 4), (12, 4), (25, 8), (68, 4), (82, 12), (130, 3), (131, 3), (133, 3), (134, 6), (136, 4),
        (137, 3), (148, 4), (200, 2),
    ])
    func ipv4OptionsThatAreTooShortEndThePacket(type: UInt8, least: Int) {
        for length in 2..<20 {
            let dissected = ipv4([type, UInt8(length)] + [UInt8](repeating: 0, count: length - 2))
            #expect((dissected.kinds.last == .udp) == (length >= least), "type \(type), length \(length)")
            if length < least { #expect(dissected.stop == .malformed(.ipv4, .optionLength, offset: 34)) }
            #expect(dissected.number("ip.ttl") == 64)
        }
    }

    @Test func lastAddressOfASourceRoute() {
        func destinations(_ options: [UInt8]) -> [FieldValue] { ipv4(options).values("ip.dst") }
        let route: [UInt8] = [137, 7, 4, 10, 9, 8, 7]
        let last = FieldValue.ipv4(IPv4Address(10, 9, 8, 7))
        #expect(destinations(route) == [last])
        #expect(destinations([137, 7, 8, 10, 9, 8, 7]) == [.ipv4(Sample.to)])  // all of the way is gone
        #expect(destinations([131, 3, 4] + route) == [.ipv4(Sample.to)])  // the first route counts, and has no address
        #expect(destinations([137, 9, 4, 10, 9, 8, 7, 1, 1]).isEmpty)  // an address that is cut
        // An option that makes no sense hides what is behind it, and that alone.
        #expect(destinations(route + [82, 2]) == [last])
        #expect(destinations([82, 2] + route).isEmpty)
    }

    @Test func quotedPacketsAreReadAsFarAsTheyMakeSense() {
        var quoted = Sample.ipv4(.udp, [82, 2, 0, 0] + Sample.udp([1, 2, 3, 4]))
        quoted[0] = 0x46
        #expect(Dissected(Sample.ethernet(.ipv4) + quoted).stop == .malformed(.ipv4, .optionLength, offset: 34))
        #expect(
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [11, 0, 0, 0, 0, 0, 0, 0] + quoted)).kinds.last
                == .udp)
    }

    @Test func lastAddressOfARoutingHeader() throws {
        func address(_ last: UInt8) -> [UInt8] { [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [last] }
        func destination(_ type: UInt8, left: UInt8, _ content: [UInt8], before: [UInt8] = []) throws -> IPv6Address {
            let routing = [IPProtocol.udp.rawValue, UInt8((content.count + 4) / 8 - 1), type, left] + content
            let packet = Sample.ipv6(
                before.isEmpty ? .ipv6Routing : .ipv6Destination, before + routing + Sample.udp([1]))
            return try IPv6Packet(packet.rawSpan).finalDestination
        }
        let two = address(3) + address(4)
        let first = try #require(IPv6Address("2001:db8::3"))
        let last = try #require(IPv6Address("2001:db8::4"))
        let own = try IPv6Packet(Sample.ipv6(.udp, Sample.udp([1])).rawSpan).destination
        #expect(try destination(0, left: 1, [0, 0, 0, 0] + two) == last)
        #expect(try destination(0, left: 0, [0, 0, 0, 0] + two) == own)
        #expect(try destination(2, left: 1, [0, 0, 0, 0] + address(3)) == first)
        #expect(try destination(3, left: 2, [0, 0, 0, 0] + two) == last)
        #expect(try destination(4, left: 1, [1, 0, 0, 0] + two) == first)
        #expect(try destination(253, left: 1, [0, 0, 0, 0] + two) == own)
        #expect(
            try destination(
                0, left: 1, [0, 0, 0, 0] + two, before: [IPProtocol.ipv6Routing.rawValue, 0, 0, 0, 0, 0, 0, 0]) == last)
    }

    @Test func lengthOfAQuotedPacket() {
        // Source quench, unreachable …: IP header and so many words; redirect has none.
        let quoted = Sample.ipv4(.udp, Sample.udp([1, 2, 3, 4]))
        func error(_ type: UInt8, words: UInt8) -> Dissected {
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [type, 0, 0, 0, 0, words, 0, 0] + quoted))
        }
        for type: UInt8 in [3, 4, 11, 12] {
            #expect(error(type, words: 1).values("udp.length").isEmpty)
            #expect(error(type, words: 1).number("udp.srcport") != nil)
            #expect(error(type, words: 2).number("udp.length") == 12)
            #expect(error(type, words: 0).number("udp.length") == 12)
        }
        #expect(error(5, words: 1).number("udp.length") == 12)
        // A length that leaves nothing behind the packet says nothing.
        #expect(error(3, words: 200).number("udp.length") == 12)
        let rest = [UInt8](repeating: 0, count: 100)
        let short = Sample.ipv4(.ipv6, Sample.ipv6(.udp, Sample.udp(rest)))
        #expect(
            Dissected(Sample.ethernet(.ipv4) + Sample.ipv4(.icmp, [3, 0, 0, 0, 0, 8, 0, 0] + short)).kinds.last == .ipv6
        )
    }
}
