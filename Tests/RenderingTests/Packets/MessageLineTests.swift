import Packets
import Rendering
import TestSupport
import Testing

/// What a line says of the messages that keep a network going: who is asked for, which group is joined, which tunnel it
/// is.
@Suite struct MessageLineTests {
    private static let ethernet4 = "020000000002 020000000001 0800 "
    private static let ethernet6 = "333300000001 020000000001 86dd "
    private static let addresses6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 "

    private static func line(_ hex: String, link: Bool = false, linkType: LinkType = .ethernet) -> String {
        var options = PacketLine.Options()
        options.link = link
        return String(RenderedPacket(bytes: RenderedPacket.hex(hex), linkType: linkType).line(options).dropLast())
    }

    private static func ipv4(_ protocolNumber: String, _ payload: String, fragment: String = "0000") -> String {
        let length = String(20 + RenderedPacket.hex(payload).count, radix: 16)
        let padded = String(repeating: "0", count: 4 - length.count) + length
        return ethernet4 + "4500 \(padded) 0001 \(fragment) 40 \(protocolNumber) 0000 0a000001 0a000002 " + payload
    }

    private static func icmp6(_ message: String) -> String {
        let length = String(RenderedPacket.hex(message).count, radix: 16)
        return ethernet6 + "60000000 \(String(repeating: "0", count: 4 - length.count) + length) 3a ff " + addresses6
            + message
    }

    @Test func neighbourDiscovery() {
        let addresses = "2001:db8::1 > 2001:db8::2 ICMPv6 "
        #expect(
            Self.line(Self.icmp6("8700 0000 00000000 fe800000000000000000000000000009 0101 020000000001"))
                == addresses + "neighbour solicitation, who has fe80::9, from 02:00:00:00:00:01")
        #expect(
            Self.line(Self.icmp6("8800 0000 60000000 fe800000000000000000000000000009 0201 020000000009"))
                == addresses + "neighbour advertisement, fe80::9 is at 02:00:00:00:00:09, solicited, override")
        #expect(
            Self.line(
                Self.icmp6(
                    """
                    8600 0000 4040 0708 00000000 00000000 0304 40c0 00000e10 00000708 00000000 \
                    20010db8000100000000000000000000 0501 0000 000005dc
                    """
                ))
                == addresses
                + "router advertisement, lifetime 1800 s, other configuration, prefix 2001:db8:1::/64, MTU 1500")
        // An option of length 0 would never end; one beyond the message is none.
        #expect(Self.line(Self.icmp6("8500 0000 00000000 0100 020000000001")) == addresses + "router solicitation")
        #expect(Self.line(Self.icmp6("8500 0000 00000000 0102 020000000001")) == addresses + "router solicitation")
        #expect(Self.line(Self.icmp6("8700 0000 00000000 fe80")) == addresses + "neighbour solicitation")
    }

    @Test func multicastGroups() {
        let (addresses4, addresses6) = (
            "10.0.0.1 > 10.0.0.2 IGMP ", "2001:db8::1 > 2001:db8::2 ICMPv6 multicast listener "
        )
        #expect(Self.line(Self.ipv4("02", "1164 0000 00000000")) == addresses4 + "query for every group")
        #expect(Self.line(Self.ipv4("02", "1600 0000 efff0001")) == addresses4 + "report, version 2, of 239.255.0.1")
        #expect(Self.line(Self.ipv4("02", "1700 0000 efff0001")) == addresses4 + "leave 239.255.0.1")
        #expect(
            Self.line(
                Self.ipv4(
                    "02", "2200 0000 0000 0003 04000000 efff0001 03000000 efff0002 06000002 efff0003 0a000001 0a000002")
            )
                == addresses4
                + "report, version 3: joins 239.255.0.1, leaves 239.255.0.2, blocks some of 239.255.0.3 (2 sources)")
        // More records than the bytes have: what is there is told.
        #expect(
            Self.line(Self.ipv4("02", "2200 0000 0000 ffff 04000000 efff0001")) == addresses4
                + "report, version 3: joins 239.255.0.1")
        #expect(
            Self.line(Self.icmp6("8200 0000 2710 0000 00000000000000000000000000000000")) == addresses6
                + "query for every group")
        #expect(
            Self.line(Self.icmp6("8f00 0000 0000 0001 04000000 ff020000000000000000000000000005")) == addresses6
                + "report, version 2: joins ff02::5")
    }

    @Test func errorsHaveTheirNames() {
        let quote = "4500 001c 0002 0000 3f 11 0000 0a000002 0b000001 1234 0035 0008 0000"
        let about = " about 10.0.0.2:4660 > 11.0.0.1:53 UDP len 0"
        #expect(
            Self.line(Self.ipv4("01", "0307 0000 00000000" + quote))
                == "10.0.0.1 > 10.0.0.2 ICMP destination host unknown" + about)
        #expect(
            Self.line(Self.ipv4("01", "0501 0000 0a0000fe" + quote))
                == "10.0.0.1 > 10.0.0.2 ICMP redirect for the host to 10.0.0.254" + about)
        #expect(
            Self.line(Self.ipv4("01", "0b01 0000 00000000" + quote))
                == "10.0.0.1 > 10.0.0.2 ICMP fragment reassembly time exceeded" + about)
        #expect(Self.line(Self.ipv4("01", "4d03 0000 00000000")) == "10.0.0.1 > 10.0.0.2 ICMP type 77, code 3")
        #expect(
            Self.line(Self.icmp6("0200 0000 00000500")) == "2001:db8::1 > 2001:db8::2 ICMPv6 packet too big, MTU 1280")
    }

    @Test func addressResolutionTheOtherWayRound() {
        let header = "ffffffffffff 020000000001 8035 0001 0800 06 04 "
        #expect(
            Self.line(header + "0003 020000000001 00000000 020000000009 00000000")
                == "ARP reverse request who is 02:00:00:00:00:09, tell 02:00:00:00:00:01")
        #expect(
            Self.line(header + "0004 020000000001 0a000001 020000000009 0a000009")
                == "ARP reverse reply 02:00:00:00:00:09 is 10.0.0.9")
        #expect(
            Self.line(header + "0009 020000000001 0a000001 020000000009 0a000009")
                == "ARP inverse reply 10.0.0.1 is at 02:00:00:00:00:01")
    }

    @Test func optionsOfASegment() {
        func line(_ options: String) -> String {
            let count = RenderedPacket.hex(options).count / 4 + 5
            return Self.line(
                Self.ipv4("06", "0014 0050 00000001 00000065 \(String(count, radix: 16))010 2000 0000 0000" + options))
        }
        let start = "10.0.0.1:20 > 10.0.0.2:80 TCP ACK seq 1 ack 1 win 8192 ["
        // The edges count like the acknowledgment: 0x65 is 1.
        #expect(line("0101 0512 00000c1c 00001194 0000170c 00001c84") == start + "sack 3000:4400 5800:7200] len 0")
        #expect(line("2202 0101") == start + "fast open cookie request] len 0")
        #expect(line("1e0c 0081 0000000000000000") == start + "MPTCP capable] len 0")
        #expect(line("fd04 0000") == start + "option 253] len 0")
    }

    @Test func fragments() {
        let datagram = "0035 0035 0bc0 0000 00000000"
        #expect(
            Self.line(Self.ipv4("11", datagram, fragment: "2000")).hasPrefix(
                "10.0.0.1:53 > 10.0.0.2:53 UDP len 3000 [first fragment]"))
        #expect(
            Self.line(Self.ipv4("11", "00000000 00000000", fragment: "00af"))
                == "10.0.0.1 > 10.0.0.2 IPv4 fragment of UDP, id 0x1, offset 1400, len 8")
        #expect(
            Self.line(Self.ipv4("01", "0800 0000 0001 0002", fragment: "2000"))
                == "10.0.0.1 > 10.0.0.2 ICMP echo request, id 1, seq 2 [first fragment]")
        #expect(
            Self.line(
                Self.ethernet6 + "60000000 0010 2c 40 " + Self.addresses6 + "11 00 0550 00000008 0000000000000000")
                == "2001:db8::1 > 2001:db8::2 IPv6 fragment of UDP, id 0x8, offset 1360, len 8")
    }

    /// A length that cannot be is told, and makes the checksum unknowable; no checksum is a different thing over IPv4
    /// and IPv6.
    @Test func lengthsAndChecksumsOfDatagrams() {
        let wrong = Self.ipv4("11", "1e61 22b8 01f4 e470 616263")
        #expect(Self.line(wrong) == "10.0.0.1:7777 > 10.0.0.2:8888 UDP len 3 [malformed udp: its length says 492]")
        func status(_ hex: String) -> String {
            RenderedPacket(bytes: RenderedPacket.hex(hex)).table(["udp.checksum.status"])
        }
        #expect(status(wrong) == "2\n")
        #expect(status(Self.ipv4("11", "1e61 22b8 000b 0000 616263")) == "3\n")
        #expect(
            status(Self.ethernet6 + "60000000 000b 11 40 " + Self.addresses6 + "1e61 22b8 000b 0000 616263") == "4\n")
        #expect(
            RenderedPacket(bytes: RenderedPacket.hex(wrong)).tree.contains(
                "[malformed: the length is more than the IP packet has]"))
    }

    @Test func framesWithoutAPacket() {
        let beacon = "8000 0000 ffffffffffff 020000000009 020000000009 1000 0000000000000000 6400 0104 0004 77696669"
        #expect(
            Self.line(beacon, linkType: .ieee80211)
                == "02:00:00:00:00:09 > ff:ff:ff:ff:ff:ff 802.11 beacon SSID \"wifi\", 42 bytes")
        #expect(Self.line("d400 0000 020000000001", linkType: .ieee80211) == "02:00:00:00:00:01 802.11 ACK, 10 bytes")
        #expect(
            Self.line("0841 0000 020000000009 020000000001 020000000002 1000 00000000", linkType: .ieee80211)
                == "02:00:00:00:00:01 > 02:00:00:00:00:09 802.11 data, 28 bytes [encrypted]")
        // The network's name is whatever somebody set up.
        #expect(
            Self.line(
                "8000 0000 ffffffffffff 020000000009 020000000009 1000 0000000000000000 6400 0104 0003 1b5b6d",
                linkType: .ieee80211
            ).contains("SSID \"\\x1b[m\""))
    }

    @Test func linkHeaders() {
        let ends = "02:00:00:00:00:01 > 02:00:00:00:00:02 "
        let packet = "4500 0014 0001 0000 40 fe 0000 0a000001 0a000002"
        let tagged = "020000000002 020000000001 8100 6005 0800 " + packet
        #expect(
            Self.line(tagged, link: true) == ends
                + "type 0x8100 vlan 5 priority 3 type 0x800 length 38: 10.0.0.1 > 10.0.0.2")
        let labelled = "020000000002 020000000001 8847 00064140 " + packet
        #expect(
            Self.line(labelled, link: true).hasPrefix(ends + "type 0x8847 label 100 length 38: 10.0.0.1 > 10.0.0.2"))
        #expect(
            Self.line("0180c2000000 020000000001 0003 424203", link: true).hasPrefix(
                "02:00:00:00:00:01 > 01:80:c2:00:00:00 802.3 payload 3 length 17: "))
        #expect(
            Self.line("0004 0001 0006 020000000001 0000 0800 " + packet, link: true, linkType: .linuxSLL)
                .hasPrefix("out 02:00:00:00:00:01 type 0x800 length 36: 10.0.0.1 > 10.0.0.2"))
    }

    @Test func tunnels() {
        let inner = "4500 0014 0001 0000 40 fe 0000 c0a80001 c0a80002"
        #expect(
            Self.line(Self.ipv4("2f", "2000 0800 00000063" + inner)).hasPrefix(
                "10.0.0.1 > 10.0.0.2 GRE key 0x63: 192.168.0.1 > 192.168.0.2"))
        #expect(
            Self.line(Self.ipv4("11", "c350 17c1 0024 0000 0000 0800 00002b00" + inner)).contains(
                "UDP len 28 Geneve vni 43: 192.168.0.1 > 192.168.0.2"))
        let other = Self.line(Self.ipv4("fd", "00000001"))
        #expect(other.hasPrefix("10.0.0.1 > 10.0.0.2 [not dissected: ip carries "))
        #expect(other.hasSuffix("protocol 253)]") || other.hasSuffix("protocol 253]"))
        #expect(Self.line(Self.ethernet4 + "4500").hasPrefix("IPv4 ["))
    }
}
