import Testing

@testable import Packets

@Suite struct DHCPTests {
    private func message(_ operation: UInt8, _ options: [UInt8]) -> [UInt8] {
        [operation, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0x80, 0] + [
            0, 0, 0, 0, 192, 0, 2, 17, 192, 0, 2, 1, 0, 0, 0, 0,
        ]
            + [2, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 10 + 64 + 128) + [99, 130, 83, 99] + options
    }

    @Test func discover() {
        var bytes = message(1, [53, 1, 1, 50, 4, 192, 0, 2, 9, 12, 4, 104, 111, 115, 116, 55, 2, 1, 3, 0, 255])
        bytes.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        let packet = Application(bytes, over: .udp, from: 68, to: 67)
        #expect(packet.kind == .dhcp)
        #expect(packet.values("dhcp.type") == ["1"])
        #expect(packet.values("dhcp.id") == ["0x12345678"])
        #expect(packet.values("dhcp.flags.bc") == ["1"])
        #expect(packet.values("dhcp.hw.mac_addr") == ["02:00:00:00:00:01"])
        #expect(packet.values("dhcp.option.dhcp") == ["1"])
        #expect(packet.values("dhcp.option.requested_ip_address") == ["192.0.2.9"])
        #expect(packet.values("dhcp.option.request_list_item") == ["1", "3"])
        #expect(packet.summary == "DHCP Discover 192.0.2.9 host host")
    }

    @Test func offer() {
        let packet = Application(
            message(2, [53, 1, 2, 54, 4, 192, 0, 2, 1, 51, 4, 0, 0, 14, 16, 3, 8, 192, 0, 2, 1, 192, 0, 2, 2, 255]),
            over: .udp, from: 67, to: 68)
        #expect(packet.values("dhcp.ip.your") == ["192.0.2.17"])
        #expect(packet.values("dhcp.option.ip_address_lease_time") == ["3600"])
        #expect(packet.values("dhcp.option.router") == ["192.0.2.1", "192.0.2.2"])
        #expect(packet.summary == "DHCP Offer 192.0.2.17")
    }

    @Test func options() {
        // An option that claims more than there is ends the list; what came before stays.
        let cut = Application(message(1, [53, 1, 3, 12, 200, 104]), over: .udp, from: 68, to: 67)
        #expect(cut.values("dhcp.option.type") == ["53"])
        #expect(Application(message(1, []), over: .udp, from: 68, to: 67).summary == "BOOTP request 192.0.2.17")
    }

    @Test func paddingAndTheEnd() {
        let packet = Application(
            message(1, [53, 1, 1, 0, 0, 12, 2, 97, 98, 0, 255, 0, 0, 0]), over: .udp, from: 68, to: 67)
        // tshark 4.0.17 on the same bytes.
        #expect(packet.values("dhcp.option.type") == ["53", "0", "12", "0", "0"])
        #expect(packet.values("dhcp.option.length") == ["1", "2"])
        #expect(packet.values("dhcp.option.value") == ["01", "6162"])
        #expect(packet.values("dhcp.option.padding") == ["0000", "00", "000000"])
        #expect(packet.values("dhcp.option.end") == ["255"])
    }

    /// RFC 2132 section 9.3: option 52 says that the fields of boot file and server name hold options. They are read
    /// where it stands, as tshark does.
    @Test(arguments: [1, 2, 3] as [UInt8]) func overload(_ fields: UInt8) {
        var bytes = message(2, [53, 1, 5, 52, 1, fields, 51, 4, 0, 0, 14, 16, 255])
        bytes.replaceSubrange(DHCPMessage.serverName.prefix(7), with: [3, 4, 192, 0, 2, 1, 255])
        bytes.replaceSubrange(DHCPMessage.file.prefix(7), with: [6, 4, 192, 0, 2, 3, 255])
        let packet = Application(bytes, over: .udp, from: 67, to: 68)
        #expect(packet.values("dhcp.option.option_overload") == ["\(fields)"])
        #expect(packet.values("dhcp.option.ip_address_lease_time") == ["3600"])
        #expect(packet.values("dhcp.option.router") == (fields & 2 != 0 ? ["192.0.2.1"] : []))
        #expect(packet.values("dhcp.option.domain_name_server") == (fields & 1 != 0 ? ["192.0.2.3"] : []))
        #expect(packet.values("dhcp.server").isEmpty == (fields & 2 != 0))
        #expect(packet.values("dhcp.file").isEmpty == (fields & 1 != 0))
        #expect(packet.summary == "DHCP ACK 192.0.2.17")
    }

    /// Fields that name themselves again, or have no end, are read once and end with their place.
    @Test func overloadWithoutEnd() {
        var bytes = message(2, [52, 1, 3, 53, 1, 5, 255])
        bytes.replaceSubrange(DHCPMessage.file, with: [UInt8](repeating: 0, count: 125) + [52, 1, 3])
        bytes.replaceSubrange(DHCPMessage.serverName, with: [12, 62] + [UInt8](repeating: 97, count: 62))
        let packet = Application(bytes, over: .udp, from: 67, to: 68)
        #expect(packet.values("dhcp.option.type") == ["52", "0", "52", "12", "53"])
        #expect(packet.values("dhcp.option.hostname") == [String(repeating: "a", count: 62)])
    }

    @Test func truncation() {
        let packet = Application(message(1, [53, 1, 1, 255]), over: .udp, from: 68, to: 67, cut: 28 + 100)
        guard case .truncatedBySnaplen(let error) = packet.dissection.stop else {
            Issue.record("\(packet.dissection.stop)")
            return
        }
        #expect(error.required == 236)
        #expect(error.available == 100)
        #expect(packet.values("dhcp.ip.your") == ["192.0.2.17"])
        #expect(packet.values("dhcp.option.dhcp") == [])
    }
}
