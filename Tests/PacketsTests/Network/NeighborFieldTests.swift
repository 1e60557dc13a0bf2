import Addressing
import Testing
import Text

@testable import Packets

/// Fields of what hosts tell their neighbours: IPv6 neighbour discovery, ARP, the bits of Ethernet addresses.
@Suite struct NeighborFieldTests {
    private func values(_ name: String, _ bytes: [UInt8], _ linkType: LinkType = .ethernet) throws -> [String] {
        let field = try #require(NamedField(name))
        var dissection = Dissection()
        Dissector().dissect(bytes.rawSpan, linkType: linkType, wireLength: bytes.count, into: &dissection)
        var values: [FieldValue] = []
        field.read(bytes.rawSpan, dissection, PacketFacts(), into: &values)
        return values.map { value in
            var text = ByteCollector()
            FieldText.write(value, as: field.type, of: bytes.rawSpan, dissection, .none, to: &text)
            return text.text
        }
    }

    private func icmpv6(_ message: String) -> [UInt8] {
        let body = FilterSample.bytes(message)
        return FilterSample.bytes(
            """
            333300000001020000000001 86dd 60000000 \
            00\(body.count < 16 ? "0" : "")\(String(body.count, radix: 16)) 3a ff fe80000000000000 \
            0000000000000001 ff02000000000000 0000000000000001
            """
        ) + body
    }

    @Test func routerAdvertisement() throws {
        let bytes = icmpv6(
            """
            8600 0000 40 c0 0708 00007530 000003e8 0101 020000000001 0501 0000 000005d4 0304 40c0 00015180 \
            00003840 00000000 20010db8000000000000000000000000
            """
        )
        #expect(try values("icmpv6.nd.ra.cur_hop_limit", bytes) == ["64"])
        #expect(try values("icmpv6.nd.ra.flag", bytes) == ["0xc0"])
        #expect(try values("icmpv6.nd.ra.flag.m", bytes) == ["1"])
        #expect(try values("icmpv6.nd.ra.router_lifetime", bytes) == ["1800"])
        #expect(try values("icmpv6.nd.ra.reachable_time", bytes) == ["30000"])
        #expect(try values("icmpv6.nd.ra.retrans_timer", bytes) == ["1000"])
        #expect(try values("icmpv6.opt.type", bytes) == ["1", "5", "3"])
        #expect(try values("icmpv6.opt.length", bytes) == ["1", "1", "4"])
        #expect(try values("icmpv6.opt.src_linkaddr", bytes) == ["02:00:00:00:00:01"])
        #expect(try values("icmpv6.opt.target_linkaddr", bytes) == [])
        #expect(try values("icmpv6.opt.mtu", bytes) == ["1492"])
        #expect(try values("icmpv6.opt.prefix", bytes) == ["2001:db8::"])
        #expect(try values("icmpv6.opt.prefix.length", bytes) == ["64"])
        #expect(try values("icmpv6.opt.prefix.flag.a", bytes) == ["1"])
        #expect(try values("icmpv6.opt.prefix.valid_lifetime", bytes) == ["86400"])
        #expect(try values("icmpv6.nd.ns.target_address", bytes) == [])
        // Cut, and an option that says it has no length.
        #expect(try values("icmpv6.opt.prefix", Array(bytes.dropLast(4))) == [])
        #expect(try values("icmpv6.opt.type", icmpv6("8500 0000 00000000 0100 020000000001")) == [])
    }

    @Test func neighborAdvertisement() throws {
        let bytes = icmpv6("8800 0000 60000000 fe800000000000000000000000000002 0201 020000000002")
        #expect(try values("icmpv6.nd.na.flag", bytes) == ["0x60000000"])
        #expect(
            try values("icmpv6.nd.na.flag.r", bytes) == ["0"] && values("icmpv6.nd.na.flag.s", bytes) == ["1"]
                && values("icmpv6.nd.na.flag.o", bytes) == ["1"])
        #expect(try values("icmpv6.nd.na.target_address", bytes) == ["fe80::2"])
        #expect(
            try values("icmpv6.opt.linkaddr", bytes) == ["02:00:00:00:00:02"]
                && values("icmpv6.opt.target_linkaddr", bytes) == ["02:00:00:00:00:02"])
    }

    @Test(arguments: [
        ("0001", "0a010001", "000000000000", "0a010001", ["arp.isgratuitous", "arp.isannouncement"]),
        ("0001", "0a010001", "ffffffffffff", "0a010001", ["arp.isgratuitous"]),
        ("0002", "0a010001", "000000000000", "0a010001", ["arp.isgratuitous"]),
        ("0001", "00000000", "000000000000", "0a010001", ["arp.isprobe"]),
        ("0001", "00000000", "ffffffffffff", "0a010001", []), ("0001", "0a010001", "000000000000", "0a010002", []),
    ])
    func whatARPIsFor(operation: String, sender: String, targetMAC: String, target: String, expected: [String]) throws {
        let bytes = FilterSample.bytes(
            "ffffffffffff 020000000001 0806 0001 0800 06 04 \(operation) 020000000001 \(sender) \(targetMAC) \(target)")
        let found = try ["arp.isgratuitous", "arp.isprobe", "arp.isannouncement"].filter {
            try values($0, bytes) == ["1"]
        }
        #expect(found == expected)
    }

    @Test func addressBits() throws {
        let bytes = FilterSample.bytes("01005e000001 020000000001 0800")
        #expect(
            try values("eth.dst.ig", bytes) == ["1"] && values("eth.dst.lg", bytes) == ["0"]
                && values("eth.src.lg", bytes) == ["1"])
        #expect(try values("eth.ig", bytes) == ["1", "0"] && values("eth.lg", bytes) == ["0", "1"])
        #expect(try values("eth.dst.oui", bytes) == ["65630"] && values("eth.addr.oui", bytes) == ["65630", "131072"])
    }

    /// A beacon, and a data frame from an access point.
    @Test func wireless() throws {
        let beacon = FilterSample.bytes(
            "8000 3a01 ffffffffffff ec172f821e29 ec172f821e29 1070 0000000000000000 6400 0104 0003 616263")
        #expect(try values("wlan.fc.type_subtype", beacon, .ieee80211) == ["0x0008"])
        #expect(try values("wlan.duration", beacon, .ieee80211) == ["314"])
        #expect(
            try values("wlan.da", beacon, .ieee80211) == ["ff:ff:ff:ff:ff:ff"]
                && values("wlan.sa", beacon, .ieee80211) == ["ec:17:2f:82:1e:29"])
        #expect(try values("wlan.bssid", beacon, .ieee80211) == ["ec:17:2f:82:1e:29"])
        #expect(
            try values("wlan.addr", beacon, .ieee80211) == [
                "ff:ff:ff:ff:ff:ff", "ec:17:2f:82:1e:29", "ec:17:2f:82:1e:29",
            ])
        #expect(
            try values("wlan.seq", beacon, .ieee80211) == ["1793"] && values("wlan.frag", beacon, .ieee80211) == ["0"])
        #expect(try values("wlan.ssid", beacon, .ieee80211) == ["616263"])
        let data = FilterSample.bytes("0802 0000 020000000001 020000000002 020000000003 1000 aaaa030000000800")
        #expect(
            try values("wlan.da", data, .ieee80211) == ["02:00:00:00:00:01"]
                && values("wlan.sa", data, .ieee80211) == ["02:00:00:00:00:03"])
        #expect(
            try values("wlan.bssid", data, .ieee80211) == ["02:00:00:00:00:02"]
                && values("wlan.fc.ds", data, .ieee80211) == ["0x02"])
        #expect(try values("wlan.ssid", data, .ieee80211) == [])
    }

    @Test func segmentsAndTheirOptions() throws {
        let bytes = FilterSample.bytes(
            """
            140c768ffe28 d0509956ddf9 0800 4500 0034 3732 4000 80 06 0000 c0a80077 a93c993d
            fcba 0050 4a3f0897 00000000 8002 0402 0589 0000 020405b4 01030307 01010402
            """)
        #expect(try values("tcp.options", bytes) == ["020405b40103030701010402"])
        #expect(
            try values("tcp.options.mss", bytes) == ["020405b4"]
                && values("tcp.options.nop", bytes) == ["01", "01", "01"])
        #expect(
            try values("tcp.options.wscale", bytes) == ["030307"] && values("tcp.options.sack_perm", bytes) == ["0402"])
        #expect(
            try values("tcp.connection.syn", bytes) == ["1"] && values("tcp.connection.synack", bytes) == []
                && values("tcp.connection.rst", bytes) == [])
        #expect(try values("tcp.flags.res", bytes) == ["0"] && values("tcp.flags.ae", bytes) == ["0"])
    }
}
