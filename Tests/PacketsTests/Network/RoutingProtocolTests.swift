import Addressing
import TestSupport
import Testing

@testable import Packets

/// What routers tell one another: OSPF, RIP and BGP.
@Suite struct RoutingProtocolTests {
    private static func ospf(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let header: [UInt8] =
            [2, type, 0, UInt8(24 + body.count), 1, 1, 1, 1, 0, 0, 0, 0, 0x12, 0x34]
        return Sample.ipv4(.ospf, joined(header, bytes(0, 10), body))
    }

    /// A router's advertisement of one link.
    private static let advertisement: [UInt8] = joined(
        [0, 1, 0x22, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0x80, 0, 0, 1, 0x12, 0x34, 0, 36],
        [0, 0, 0, 1, 10, 0, 0, 0, 255, 255, 255, 0, 3, 0, 0, 10])
    private static let hello = ospf(
        1, [255, 255, 255, 0, 0, 10, 2, 1, 0, 0, 0, 40, 10, 0, 0, 1, 10, 0, 0, 2, 2, 2, 2, 2])

    @Test func helloOfARouter() {
        let packet = Dissected(Self.hello, .raw)
        #expect(packet.kinds == [.ipv4, .ospf])
        #expect(packet.number("ospf.msg") == 1)
        #expect(packet.values("ospf.srcrouter") == [.ipv4(IPv4Address(1, 1, 1, 1))])
        #expect(packet.number("ospf.hello.hello_interval") == 10)
        #expect(packet.number("ospf.hello.router_dead_interval") == 40)
        #expect(packet.values("ospf.hello.designated_router") == [.ipv4(IPv4Address(10, 0, 0, 1))])
        #expect(packet.values("ospf.hello.active_neighbor") == [.ipv4(IPv4Address(2, 2, 2, 2))])
        #expect(packet.line == " OSPF Hello Packet, router 1.1.1.1 in area 0.0.0.0, designated 10.0.0.1")
    }

    @Test func linkStates() {
        let header = Array(Self.advertisement.prefix(20))
        let description = Dissected(Self.ospf(2, joined([5, 220, 2, 7, 0, 0, 0, 99], header, header)), .raw)
        #expect(description.number("ospf.db.interface_mtu") == 1500)
        #expect(description.number("ospf.db.dd_sequence") == 99)
        #expect(description.values("ospf.lsa").count == 2)
        let update = Dissected(Self.ospf(4, joined([0, 0, 0, 2], Self.advertisement, Self.advertisement)), .raw)
        #expect(update.values("ospf.lsa.length") == [.unsigned(36), .unsigned(36)])
        #expect(update.number("ospf.lsa.seqnum") == 0x8000_0001)
        let acknowledgment = Dissected(Self.ospf(5, header), .raw)
        #expect(acknowledgment.values("ospf.advrouter") == [.ipv4(IPv4Address(1, 1, 1, 1))])
    }

    @Test func lengthsThatCannotBe() {
        // An advertisement of no bytes would never end; a packet shorter than its header has no list.
        var update = Self.ospf(4, joined([0, 0, 0, 1], Self.advertisement))
        update[20 + 24 + 4 + 19] = 0
        #expect(Dissected(update, .raw).values("ospf.lsa").count == 1)
        var short = Self.hello
        short[23] = 10
        #expect(Dissected(short, .raw).values("ospf.hello.active_neighbor") == [])
        #expect(Dissected(Sample.ipv4(.ospf, [4, 1, 0, 0]), .raw).kinds == [.ipv4])
        #expect(Dissected.survivesDamage(Self.hello, .raw, after: 20))
        #expect(Dissected.survivesDamage(Self.ospf(4, joined([0, 0, 0, 1], Self.advertisement)), .raw, after: 20))
    }

    @Test func versionForIPv6() {
        let hello: [UInt8] = joined(
            [3, 1, 0, 40, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 0x13, 0, 10, 0, 40],
            [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3])
        let packet = Dissected(Sample.ipv6(.ospf, hello), .raw)
        #expect(packet.number("ospf.hello.interface_id") == 5)
        #expect(packet.number("ospf.hello.router_dead_interval") == 40)
        #expect(packet.values("ospf.hello.active_neighbor") == [.ipv4(IPv4Address(3, 3, 3, 3))])
        #expect(packet.values("ospf.auth.type") == [])
    }

    private func rip(_ bytes: [UInt8]) -> Application { Application(bytes, over: .udp, from: 520, to: 520) }

    private static let routes: [UInt8] = joined(
        [2, 2, 0, 0, 0xff, 0xff, 0, 2], bytes(0x61, 16),
        [0, 2, 0, 7, 10, 1, 0, 0, 255, 255, 0, 0, 10, 0, 0, 9, 0, 0, 0, 1])

    @Test func routingInformation() {
        let packet = rip(Self.routes)
        #expect(packet.kinds == [.ipv4, .udp, .rip])
        #expect(packet.values("rip.family") == ["2"])
        #expect(packet.values("rip.auth.type") == ["2"])
        #expect(packet.values("rip.route_tag") == ["7"])
        #expect(packet.values("rip.ip") == ["10.1.0.0"])
        #expect(packet.values("rip.netmask") == ["255.255.0.0"])
        #expect(packet.values("rip.next_hop") == ["10.0.0.9"])
        #expect(packet.values("rip.metric") == ["1"])
        #expect(packet.summary == "RIPv2 Response: 10.1.0.0 metric 1")
        let request = rip(joined([1, 1, 0, 0], bytes(0, 19), [16]))
        #expect(request.values("rip.ip") == [] && request.values("rip.metric") == ["16"])
        #expect(request.dissection.layers.last?.asks(request.record.rawSpan) == true)
        // Commands and versions that do not exist, an entry that is cut.
        #expect(rip([9, 2, 0, 0]).kind == .udp)
        #expect(rip([2, 7, 0, 0]).kind == .udp)
        #expect(rip(Self.routes.dropLast(10)).values("rip.metric") == [])
        #expect(Application.survivesDamage(Self.routes, over: .udp, from: 520, to: 520))
    }

    private static let marker = bytes(0xff, 16)
    private static let open: [UInt8] = joined(marker, [0, 29, 1, 4, 0xfd, 0xe9, 0, 180, 1, 1, 1, 1, 0])
    private static let keepAlive: [UInt8] = joined(marker, [0, 19, 4])

    private func bgp(_ bytes: [UInt8]) -> Application { Application(bytes, over: .tcp, from: 40_000, to: 179) }

    @Test func borderGateway() {
        let packet = bgp(Self.open + Self.keepAlive)
        #expect(packet.kinds == [.ipv4, .tcp, .bgp])
        #expect(packet.values("bgp.type") == ["1", "4"])
        #expect(packet.values("bgp.length") == ["29", "19"])
        #expect(packet.values("bgp.open.myas") == ["65001"])
        #expect(packet.values("bgp.open.holdtime") == ["180"])
        #expect(packet.values("bgp.open.identifier") == ["1.1.1.1"])
        #expect(packet.summary == "BGP OPEN Message AS 65001 hold 180 s, KEEPALIVE Message")
        let update = bgp(joined(Self.marker, [0, 29, 2, 0, 0, 0, 4, 0x40, 1, 1, 0, 8, 10]))
        #expect(update.values("bgp.update.withdrawn_routes.length") == ["0"])
        #expect(update.values("bgp.update.path_attributes.length") == ["4"])
        let notification = bgp(joined(Self.marker, [0, 21, 3, 6, 2]))
        #expect(notification.values("bgp.notify.major_error") == ["6"])
        #expect(notification.summary == "BGP NOTIFICATION Message Cease")
    }

    @Test func borderGatewayDamage() {
        // The middle of a message shows nothing; a length below the header's would never end.
        #expect(bgp(Array("middle".utf8)).kind == .tcp)
        #expect(bgp(joined(Self.marker, [0, 3, 4])).values("bgp.type") == [])
        #expect(Application.survivesDamage(Self.open + Self.keepAlive, over: .tcp, from: 40_000, to: 179))
    }
}
