import Testing

@testable import Packets

/// SNMP, NetBIOS names, RADIUS and MQTT.
@Suite struct ManagementProtocolTests {
    /// A value of ASN.1: its tag, its length in one byte, its content.
    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        joined([tag, UInt8(content.count)], content)
    }

    private static let name = value(6, [0x2b, 6, 1, 2, 1, 1, 1, 0])
    private static let binding = value(0x30, joined(name, value(5, [])))
    private static let numbers = joined(value(2, [1, 2]), value(2, [0]), value(2, [0]))
    private static let request = value(
        0x30,
        joined(
            value(2, [1]), value(4, Array("public".utf8)),
            value(0xa0, joined(numbers, value(0x30, joined(binding, binding))))))

    private func snmp(_ payload: [UInt8]) -> Application {
        Application(payload, over: .udp, from: 40_000, to: 161)
    }

    @Test func networkManagement() {
        let packet = snmp(Self.request)
        #expect(packet.kinds == [.ipv4, .udp, .snmp])
        #expect(packet.values("snmp.version") == ["1"])
        #expect(packet.values("snmp.community") == ["public"])
        #expect(packet.values("snmp.data") == ["0"])
        #expect(packet.values("snmp.request_id") == ["258"])
        #expect(packet.values("snmp.error_status") == ["0"])
        #expect(packet.values("snmp.variable_bindings") == ["2"])
        #expect(packet.summary == "SNMP v2c get-request \"public\" 1.3.6.1.2.1.1.1.0, 1.3.6.1.2.1.1.1.0")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == true)
        let third = snmp(Self.value(0x30, joined(Self.value(2, [3]), Self.value(0x30, [1, 2]))))
        #expect(third.values("snmp.version") == ["3"] && third.values("snmp.community") == [])
    }

    @Test func networkManagementDamage() {
        #expect(snmp([0x30, 3, 2, 1, 9]).kind == .udp)
        #expect(snmp([0x31, 3, 2, 1, 1]).kind == .udp)
        #expect(snmp([0x30, 0x85, 1, 1, 1, 1, 1, 2, 1, 1]).kind == .udp)
        #expect(Application.survivesDamage(Self.request, over: .udp, from: 40_000, to: 161))
    }

    /// `WORKGROUP` and the kind 1d, two letters a byte.
    private static let workgroup: [UInt8] = joined([32], Array("FHEPFCELEHFCEPFFFACACACACACACABN".utf8), [0])
    private static let answer: [UInt8] = joined(
        [0x12, 0x34, 0x85, 0, 0, 0, 0, 1, 0, 0, 0, 0], workgroup, [0, 32, 0, 1, 0, 0, 1, 0, 0, 6, 0, 0, 10, 0, 0, 7])

    private func names(_ payload: [UInt8]) -> Application {
        Application(payload, over: .udp, from: 137, to: 137)
    }

    @Test func namesOfNetBIOS() {
        let query = names(joined([0x12, 0x34, 1, 0x10, 0, 1, 0, 0, 0, 0, 0, 0], Self.workgroup, [0, 32, 0, 1]))
        #expect(query.kinds == [.ipv4, .udp, .nbns])
        #expect(query.values("nbns.id") == ["0x1234"])
        #expect(query.values("nbns.flags.response") == ["0"] && query.values("nbns.flags.broadcast") == ["1"])
        #expect(query.values("nbns.flags.rcode") == [])
        #expect(query.values("nbns.type") == ["32"] && query.values("nbns.class") == ["1"])
        #expect(query.values("nbns.ttl") == [])
        #expect(query.summary == "NBNS Name query NB WORKGROUP<1d>")
        let answer = names(Self.answer)
        #expect(answer.values("nbns.ttl") == ["256"] && answer.values("nbns.data_length") == ["6"])
        #expect(answer.values("nbns.addr") == ["10.0.0.7"])
        #expect(answer.summary == "NBNS Name query response NB WORKGROUP<1d> 10.0.0.7")
        #expect(answer.dissection.layers.last?.asks(answer.record.rawSpan) == false)
    }

    @Test func namesThatCannotBe() {
        #expect(names([0, 0, 0x10, 0, 0, 1, 0, 0, 0, 0, 0, 0]).kind == .udp)
        // A pointer to nowhere, a label beyond the end, counts without entries.
        #expect(names([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff, 0xff]).readEverything())
        #expect(names([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 60, 1]).values("nbns.type") == [])
        #expect(names([0, 0, 0, 0, 0, 1, 0, 9, 0, 9, 0, 9]).values("nbns.type") == [])
        #expect(Application.survivesDamage(Self.answer, over: .udp, from: 137, to: 137))
    }

    private static let access: [UInt8] = joined(
        [1, 5, 0, 33], bytes(7, 16), joined([1, 7], Array("alice".utf8)), [4, 6, 10, 0, 0, 9])

    private func radius(_ payload: [UInt8]) -> Application {
        Application(payload, over: .udp, from: 40_000, to: 1812)
    }

    @Test func accessRequest() {
        let packet = radius(Self.access)
        #expect(packet.kinds == [.ipv4, .udp, .radius])
        #expect(packet.values("radius.code") == ["1"] && packet.values("radius.id") == ["5"])
        #expect(packet.values("radius.length") == ["33"])
        #expect(packet.values("radius.avp.type") == ["1", "4"] && packet.values("radius.avp.length") == ["7", "6"])
        #expect(packet.values("radius.User_Name") == ["alice"])
        #expect(packet.values("radius.NAS_IP_Address") == ["10.0.0.9"])
        #expect(packet.summary == "RADIUS Access-Request 5 \"alice\"")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == true)
        // Codes and lengths that cannot be.
        #expect(radius(joined([99], Array(Self.access.dropFirst()))).kind == .udp)
        #expect(radius(joined([1, 5, 0, 19], bytes(7, 20))).kind == .udp)
        #expect(radius(joined([1, 5, 0, 22], bytes(7, 16), [1, 0])).values("radius.avp.type") == [])
        #expect(Application.survivesDamage(Self.access, over: .udp, from: 40_000, to: 1812))
    }

    private static let connect: [UInt8] = joined(
        [0x10, 15], [0, 4], Array("MQTT".utf8), [4, 2, 0, 60], [0, 3], Array("abc".utf8))
    private static let publish: [UInt8] = joined([0x31, 8], [0, 4], Array("home".utf8), [0x31, 0x32])

    private func mqtt(_ payload: [UInt8]) -> Application {
        Application(payload, over: .tcp, from: 40_000, to: 1883)
    }

    @Test func telemetry() {
        let packet = mqtt(joined(Self.connect, Self.publish, [0xc0, 0]))
        #expect(packet.kinds == [.ipv4, .tcp, .mqtt])
        #expect(packet.values("mqtt.msgtype") == ["1", "3", "12"])
        #expect(packet.values("mqtt.hdrflags") == ["0x10", "0x31", "0xc0"])
        #expect(packet.values("mqtt.len") == ["15", "8", "0"])
        #expect(packet.values("mqtt.protoname") == ["MQTT"] && packet.values("mqtt.ver") == ["4"])
        #expect(packet.values("mqtt.kalive") == ["60"] && packet.values("mqtt.clientid") == ["abc"])
        #expect(packet.values("mqtt.topic") == ["home"] && packet.values("mqtt.retain") == ["1"])
        #expect(packet.summary == "MQTT Connect Command, Publish Message \"home\", Ping Request")
        #expect(packet.dissection.layers.last?.asks(packet.record.rawSpan) == true)
        // Types and flags that cannot be, a length without an end.
        #expect(mqtt([0, 2, 1, 1]).kind == .tcp && mqtt([0xc1, 0]).kind == .tcp)
        #expect(mqtt([0x30, 0xff, 0xff, 0xff, 0xff, 1]).kind == .tcp)
        #expect(Application.survivesDamage(joined(Self.connect, Self.publish), over: .tcp, from: 40_000, to: 1883))
    }
}
