import Addressing
import TestSupport
import Testing

@testable import Packets

/// What switches tell one another: STP and LLDP.
@Suite struct NeighbourProtocolTests {
    private static let root: [UInt8] = [0x80, 0x64, 0x00, 0x1c, 0x0e, 0x87, 0x78, 0x00]
    private static let bridge: [UInt8] = [0x80, 0x64, 0x00, 0x1c, 0x0e, 0x87, 0x85, 0x00]
    private static let times: [UInt8] = [0x80, 0x04, 1, 0, 20, 0, 2, 0, 15, 0]

    private static func frame(_ unit: [UInt8]) -> [UInt8] {
        joined(TestPacket.ethernet(EtherType(rawValue: UInt16(unit.count + 3))), [0x42, 0x42, 3], unit)
    }

    private static let rapid = frame(
        joined([0, 0, 2, 2, 0x3d], root, [0, 0, 0, 4], bridge, times, [0]))

    @Test func rapidSpanningTree() {
        // Padding behind the frame's length is no part of it.
        let packet = Dissected(Self.rapid + [9, 9, 9])
        #expect(packet.kinds == [.ethernet, .llc, .stp])
        #expect(packet.number("stp.version") == 2)
        #expect(packet.number("stp.flags.port_role") == 3)
        #expect(packet.values("stp.flags.forwarding") == [.boolean(true)])
        #expect(packet.number("stp.root.prio") == 32768)
        #expect(packet.number("stp.root.ext") == 100)
        #expect(packet.values("stp.root.hw") == [.mac(MACAddress(rawValue: 0x001c_0e87_7800))])
        #expect(packet.number("stp.root.cost") == 4)
        #expect(packet.values("stp.bridge.hw") == [.mac(MACAddress(rawValue: 0x001c_0e87_8500))])
        #expect(packet.number("stp.port") == 0x8004)
        #expect(packet.number("stp.msg_age") == 1 && packet.number("stp.max_age") == 20)
        #expect(packet.number("stp.hello") == 2 && packet.number("stp.forward") == 15)
        #expect(
            packet.line
                == "RSTP Rapid/Multiple Spanning Tree, root 32768/100/00:1c:0e:87:78:00 cost 4, "
                + "bridge 32768/100/00:1c:0e:87:85:00 port 0x8004, topology change")
    }

    @Test func spanningTree() {
        let plain = Dissected(Self.frame(joined(bytes(0, 5), Self.root, bytes(0, 4), Self.root, Self.times)))
        #expect(plain.number("stp.type") == 0)
        #expect(plain.values("stp.flags.port_role") == [])
        let notification = Dissected(Self.frame([0, 0, 0, 0x80]))
        #expect(notification.line == "STP Topology Change Notification")
        #expect(notification.values("stp.root.cost") == [])
        // Too short for what it says, and no spanning tree at all.
        #expect(Dissected(Self.frame([0, 0, 0, 0, 0, 1])).stop != .complete)
        #expect(Dissected(Self.frame([0, 1, 0, 0, 0, 1])).kinds == [.ethernet, .llc])
        #expect(Dissected.survivesDamage(Self.rapid, after: 17))
    }

    private static func value(_ type: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        joined([type << 1, UInt8(bytes.count)], bytes)
    }

    private static let discovery: [UInt8] = joined(
        TestPacket.ethernet(.lldp), value(1, [4, 0, 0x1c, 0x0e, 0x87, 0x78, 0]), value(2, Array("\u{5}Gi0/1".utf8)),
        value(3, [0, 120]), value(4, Array("uplink".utf8)), value(5, Array("switch1".utf8)),
        value(6, Array("IOS".utf8)), value(7, [0, 0x14, 0, 4]), value(8, [5, 1, 10, 0, 0, 1, 2, 0, 0, 0, 1, 0]),
        value(0, []))

    @Test func linkLayerDiscovery() {
        let packet = Dissected(Self.discovery + [0, 0, 0])
        #expect(packet.kinds == [.ethernet, .lldp])
        #expect(packet.values("lldp.tlv.type") == [1, 2, 3, 4, 5, 6, 7, 8, 0].map { FieldValue.unsigned($0) })
        #expect(packet.values("lldp.chassis.id.mac") == [.mac(MACAddress(rawValue: 0x001c_0e87_7800))])
        #expect(packet.values("lldp.chassis.id") == [])
        #expect(packet.values("lldp.port.id").count == 1)
        #expect(packet.number("lldp.time_to_live") == 120)
        #expect(packet.number("lldp.tlv.enable_system_cap") == 4)
        #expect(packet.values("lldp.mgn.addr.ip4") == [.ipv4(IPv4Address(10, 0, 0, 1))])
        #expect(packet.line == "LLDP neighbour \"switch1\", port \"Gi0/1\", holds 120 s")
    }

    @Test func valuesThatCannotBe() {
        // Empty ones, ones that are too short, and a length beyond the frame.
        let empty = joined(TestPacket.ethernet(.lldp), (1...8).flatMap { Self.value($0, []) })
        #expect(Dissected(empty).readEverything())
        #expect(Dissected(empty).values("lldp.time_to_live") == [])
        let short = joined(TestPacket.ethernet(.lldp), [2, 200, 4, 0, 0x1c])
        #expect(Dissected(short).values("lldp.chassis.id.mac") == [])
        #expect(Dissected(short).number("lldp.tlv.len") == 200)
        #expect(Dissected.survivesDamage(Self.discovery, after: 14))
    }
}
