import Testing

@testable import Packets

@Suite struct DHCPv6Tests {
    private static func option(_ code: UInt8, _ value: [UInt8]) -> [UInt8] {
        joined([0, code, 0, UInt8(value.count)], value)
    }

    private static let address = joined([0x20, 1, 0x0d, 0xb8], bytes(0, 11), [5])
    private static let reply: [UInt8] = joined(
        [7, 0x10, 0xfb, 0xf1], option(1, [0, 3, 0, 1, 2, 3, 4, 5, 6, 7]),
        option(3, joined(bytes(0, 12), option(5, joined(address, [0, 0, 1, 0], [0, 0, 2, 0])))),
        option(23, joined(address, address)), option(6, [0, 23, 0, 24]), option(13, [0, 2]))

    private func message(_ payload: [UInt8]) -> Application {
        Application(payload, over: .udp, from: 547, to: 546)
    }

    @Test func replyWithAddress() {
        let packet = message(Self.reply)
        #expect(packet.kinds == [.ipv4, .udp, .dhcpv6])
        #expect(packet.values("dhcpv6.msgtype") == ["7"])
        #expect(packet.values("dhcpv6.xid") == ["0x10fbf1"])
        #expect(packet.values("dhcpv6.option.type") == ["1", "3", "5", "23", "6", "13"])
        #expect(packet.values("dhcpv6.duid.type") == ["3"])
        #expect(packet.values("dhcpv6.iaaddr.ip") == ["2001:db8::5"])
        #expect(packet.values("dhcpv6.iaaddr.pref_lifetime") == ["256"])
        #expect(packet.values("dhcpv6.iaaddr.valid_lifetime") == ["512"])
        #expect(packet.values("dhcpv6.dns_server") == ["2001:db8::5", "2001:db8::5"])
        #expect(packet.values("dhcpv6.requested_option_code") == ["23", "24"])
        #expect(packet.values("dhcpv6.status_code") == ["2"])
        #expect(packet.summary == "DHCPv6 Reply 0x10fbf1")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == false)
    }

    @Test func throughARelay() {
        let relayed = joined([12, 1], Self.address, Self.address, Self.option(9, [1, 0, 0, 9]))
        let packet = message(relayed)
        #expect(packet.values("dhcpv6.msgtype") == ["12", "1"])
        #expect(packet.values("dhcpv6.xid") == ["0x000009"])
        #expect(packet.values("dhcpv6.hopcount") == ["1"])
        #expect(packet.values("dhcpv6.linkaddr") == ["2001:db8::5"])
        #expect(packet.summary == "DHCPv6 Relay-forw")
        // A message in a message in a message …: looked into so far, and no further.
        var nested: [UInt8] = [1, 0, 0, 9]
        for _ in 0..<12 {
            nested = joined(
                [12, 1], bytes(0, 32), [0, 9, UInt8(nested.count >> 8)], [UInt8(nested.count & 255)], nested)
        }
        #expect(message(nested).values("dhcpv6.hopcount").count == 8)
    }

    @Test func damage() {
        #expect(message([0, 0, 0, 0]).kind == .udp)
        #expect(message([1, 0]).kind == .udp)
        #expect(message(joined([1, 0, 0, 9], [0, 5, 0, 200, 1])).values("dhcpv6.iaaddr.ip") == [])
        #expect(Application.survivesDamage(Self.reply, over: .udp, from: 547, to: 546))
    }
}
