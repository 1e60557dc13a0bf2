import Addressing
import Foundation
import Packets
import Rendering
import TestSupport
import Testing

@Suite struct PacketLineTests {
    @Test func sentences() {
        #expect(
            RenderedPacket.syn.line
                == """
                127.0.0.1:43210 > 127.0.0.1:65432 TCP SYN seq 0 win 65495 [mss 65495, sackOK, TS 1 0, \
                wscale 7] len 0\n
                """
        )
        #expect(
            RenderedPacket.data.line
                == "127.0.0.1:43210 > 127.0.0.1:65432 TCP PSH+ACK seq 1:19 ack 1 win 65495 len 18\n")
        #expect(RenderedPacket.udp6.line == "[::1]:50000 > [::1]:65432 UDP len 5\n")
        #expect(RenderedPacket.arp.line == "ARP request who has 10.0.0.2, tell 10.0.0.1\n")
        #expect(RenderedPacket.unreachable.line.contains("10.0.0.1 > 10.0.0.2"))
        #expect(RenderedPacket.unreachable.line.contains(" about 10.0.0.2:4660 > 11.0.0.1:53 UDP len 0"))
    }

    @Test func eightQuotedBytesAreWhatAnErrorHas() {
        let segment = RenderedPacket.syn.bytes[14...]
        func error(_ quoted: Int) -> RenderedPacket {
            let length = UInt8(20 + 8 + quoted)
            let head =
                RenderedPacket.hex("020000000001 020000000002 0800 4500 00") + [length]
                + RenderedPacket.hex("0001 0000 40 01 0000 0a000001 0a000002 0b00 0000 00000000")
            return RenderedPacket(bytes: head + segment.prefix(quoted))
        }
        for quoted in [28, 39, 40] { #expect(!error(quoted).line.contains("["), "\(error(quoted).line)") }
        #expect(error(27).line.contains("[cut short on the wire: tcp at byte 62 needs 20 bytes, has 7]"))
        #expect(!error(28).tree.contains("[cut"))
    }

    @Test func options() {
        var options = PacketLine.Options()
        options.number = true
        options.link = true
        options.absoluteNumbers = true
        #expect(
            RenderedPacket.syn.line(options).hasPrefix(
                """
                4 00:00:00:00:00:00 > 00:00:00:00:00:00 type 0x800 length 74: \
                127.0.0.1:43210 > 127.0.0.1:65432 TCP SYN seq 4294967288 win
                """
            ))
        let named = RenderedPacket.syn.line(.init(), names: { $0.isLoopback ? "my\u{1B}host" : nil })
        #expect(named.hasPrefix(#"my\x1bhost:43210 > my\x1bhost:65432 TCP"#))
    }

    @Test func whatATunnelCarriesStandsApart() {
        let udp = RenderedPacket.hex(
            """
            020000000001 020000000002 0800 4500 004e 0001 0000 40 11 0000 0a000001 0a000002 9c40 12b5 003a \
            0000 08000000 00000500
            """
        )
        let arp = RenderedPacket(bytes: udp + RenderedPacket.arp.bytes.prefix(42))
        #expect(
            arp.line
                == """
                10.0.0.1:40000 > 10.0.0.2:4789 UDP len 50 VXLAN vni 5: ARP request who has 10.0.0.2, \
                tell 10.0.0.1\n
                """,
            "\(arp.line)")
        // OpenFlow has TCP in TCP: the relative numbers are the outer segment's.
        let outer = RenderedPacket.hex(
            """
            020000000001 020000000002 0800 4500 0070 0001 0000 40 06 0000 0a000001 0a000002 9c40 19fd \
            00000009 00000001 5018 0100 0000 0000
            """
        )
        let message = RenderedPacket.hex("010a 0048 00000001 ffffffff 0036 0001 0000")
        let inner = RenderedPacket.hex(
            """
            020000000003 020000000004 0800 4500 0028 0001 0000 40 06 0000 0a000003 0a000004 9c41 0050 \
            00000007 00000008 5010 0100 0000 0000
            """
        )
        let line = RenderedPacket(bytes: outer + message + inner).line
        #expect(
            line.contains("len 72 OpenFlow: 10.0.0.3:40001 > 10.0.0.4:80 TCP ACK seq 7 ack 8 win 256 len 0"), "\(line)")
    }

    @Test func portsOfSCTP() {
        var packet = RenderedPacket.data
        packet.bytes[23] = 132
        #expect(packet.line.hasPrefix("127.0.0.1:43210 > 127.0.0.1:65432 SCTP len "))
    }

    @Test func coloursOnlyWhereWanted() {
        #expect(!RenderedPacket.syn.line.contains("\u{1B}"))
        #expect(RenderedPacket.syn.line(.init(), colours: true).contains("\u{1B}[32m TCP SYN\u{1B}[0m"))
    }

    @Test func whyItStopsIsTold() {
        var cut = RenderedPacket.syn
        cut.bytes = Array(cut.bytes.prefix(40))
        cut.wireLength = 74
        #expect(cut.line.contains("[truncated by the capture: tcp at byte 34 needs 20 bytes, has 6]"))
        cut.wireLength = 40
        #expect(cut.line.contains("[cut short on the wire: tcp at byte 34 needs 20 bytes, has 6]"))
        var payload = RenderedPacket.data
        payload.bytes = Array(payload.bytes.dropLast(8))
        payload.wireLength = payload.bytes.count + 8
        #expect(payload.line.hasSuffix(" len 18 [truncated by the capture: 8 bytes missing]\n"))
        #expect(payload.tree.hasSuffix("[truncated by the capture: 8 bytes missing]\n"))
        payload.wireLength = payload.bytes.count
        #expect(payload.line.hasSuffix(" [cut short on the wire: 8 bytes missing]\n"))
        var fragment = RenderedPacket.data
        fragment.bytes[20] = 0x20
        #expect(fragment.line.contains(" len 18 [first fragment]"))
        #expect(!RenderedPacket.unreachable.line.contains("fragment"))
        var unknown = RenderedPacket(bytes: [1, 2, 3])
        unknown.linkType = LinkType(rawValue: 147)
        #expect(unknown.line == "link type 147, 3 bytes\n")
    }
}

@Suite struct LayerTreeTests {
    @Test(arguments: [("syn", RenderedPacket.syn), ("unreachable", .unreachable), ("arp", .arp)])
    func golden(name: String, packet: RenderedPacket) throws { try expectGolden(packet.tree, "tree-\(name).txt") }

    /// Whose time to live is whose.
    @Test func eachRecordOfDNSHasItsFieldsInside() {
        let dns = RenderedPacket.hex(
            """
            1234 8180 0001 0002 0000 0000 0161 0462 1b5b6d 00 0001 0001 c00c 0005 0001 0000003c 0004 0163 \
            c00e c024 0001 0001 0000001e 0004 c0000201
            """
        )
        let packet = RenderedPacket(
            bytes: TestPacket.udp(Endpoint(.v4(.loopback), 53), Endpoint(.v4(.loopback), 40000), payload: dns))
        let lines = packet.tree.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.drop {
            !$0.hasPrefix("Question")
        }
        #expect(
            lines.filter {
                $0.hasPrefix("Question:") || $0.hasPrefix("Answer:") || $0.contains("dns.resp.ttl")
                    || $0.contains("dns.a")
            } == [
                "Question: a.b\\x1b[m A  [bytes 54-65]", "Answer: a.b\\x1b[m CNAME  [bytes 66-81]",
                "Time to live in seconds: 60  dns.resp.ttl",
                "Answer: c.b\\x1b[m A  [bytes 82-97]", "Time to live in seconds: 30  dns.resp.ttl",
                "IPv4 address: 192.0.2.1  dns.a",
            ])
    }

    @Test func eachOptionHasItsFieldsInside() {
        let lines = RenderedPacket.syn.tree.split(separator: "\n").map(String.init)
        let first = lines.firstIndex { $0.contains("Option: Maximum segment size") } ?? 0
        #expect(lines[first] == "           Option: Maximum segment size  [bytes 54-57]")
        #expect(lines[first + 1] == "             Option kind: 2 (Maximum segment size)  tcp.option_kind")
        #expect(lines[first + 2] == "             Option length: 4  tcp.option_len")
        #expect(lines[first + 3] == "             Maximum segment size: 65495  tcp.options.mss_val")
        #expect(lines[first + 4].hasPrefix("           Option: "))
        #expect(lines.filter { $0.contains("tcp.options.mss_val") }.count == 1)
    }

    @Test func namesThatLeadInACircle() {
        func query(_ name: String) -> RenderedPacket {
            let message = RenderedPacket.hex("1234 0100 0001 0000 0000 0000" + name + "0001 0001")
            return RenderedPacket(
                bytes: TestPacket.udp(Endpoint(.v6(.loopback), 50000), Endpoint(.v6(.loopback), 53), payload: message))
        }
        #expect(query("c00c").tree.contains("           [malformed: a name whose pointers lead in a circle]\n"))
        #expect(
            query("3f61").tree.contains(
                "           [cut short: less is there than the message's counts and lengths say]\n"))
        #expect(!query("016100").tree.contains("[" + "malformed") && !query("016100").tree.contains("[cut"))
    }

    @Test func commentsAreShownEscaped() {
        var packet = RenderedPacket.udp6
        packet.notes = PacketNotes(comments: ["call: send(12)\u{1B}[31m\nnext"])
        #expect(packet.tree.contains(#"Comment: call: send(12)\x1b[31m\x0anext  frame.comment"#))
        #expect(!packet.line.contains("call:"))
    }
}

@Suite struct HeaderBoxTests {
    @Test(arguments: [
        ("syn", RenderedPacket.syn), ("udp6", .udp6), ("unreachable", .unreachable), ("echo6", .echo6), ("arp", .arp),
    ])
    func golden(name: String, packet: RenderedPacket) throws {
        try expectGolden(packet.boxes, "box-\(name).txt")
        for line in packet.boxes.split(separator: "\n") where line.hasPrefix("|") || line.hasPrefix("+") {
            #expect(line.count <= 65, "\(line)")
        }
    }

    /// Whatever is there of a header is drawn, and nothing traps.
    @Test func everyPrefixIsDrawn() {
        for packet in [RenderedPacket.syn, .unreachable, .arp, .echo6] {
            for length in 0...packet.bytes.count {
                var cut = packet
                cut.bytes = Array(packet.bytes.prefix(length))
                cut.wireLength = packet.bytes.count
                _ = cut.boxes
                _ = cut.tree
                _ = cut.line
                _ = cut.json(.lines)
            }
        }
    }
}

@Suite struct HexDumpTests {
    private let bytes = Array("GET /index.html HTTP/1.1\r\nA: \t\u{1B}[2Jb\r".utf8)

    private func dump(_ style: HexDump.Style) -> String { rendered { HexDump.write(bytes.rawSpan, style, to: &$0) } }

    /// As tcpdump 4.99 lays them out.
    @Test func asTcpdump() {
        #expect(
            dump(.hex) == """
                \t0x0000:  4745 5420 2f69 6e64 6578 2e68 746d 6c20
                \t0x0010:  4854 5450 2f31 2e31 0d0a 413a 2009 1b5b
                \t0x0020:  324a 620d

                """)
        #expect(
            dump(.hexAndASCII) == """
                \t0x0000:  4745 5420 2f69 6e64 6578 2e68 746d 6c20  GET./index.html.
                \t0x0010:  4854 5450 2f31 2e31 0d0a 413a 2009 1b5b  HTTP/1.1..A:...[
                \t0x0020:  324a 620d                                2Jb.

                """)
        #expect(dump(.ascii) == "GET /index.html HTTP/1.1\nA: \t.[2Jb.\n")
        #expect(
            rendered { HexDump.write([UInt8]([1, 2, 3]).rawSpan, .hexAndASCII, to: &$0) }
                == "\t0x0000:  0102 03                                  ...\n")
    }

    @Test func longPacketsHaveLongerOffsets() {
        let text = rendered { HexDump.write([UInt8](repeating: 0, count: 65_552).rawSpan, .hex, to: &$0) }
        #expect(text.contains("\t0x0ff0:  ") && text.contains("\t0xfff0:  ") && text.contains("\t0x10000:  "))
    }

    @Test func afterTheLinkHeader() {
        RenderedPacket.syn.with { _, dissection, _ in #expect(HexDump.startAfterLink(dissection) == 14) }
        RenderedPacket.arp.with { _, dissection, _ in #expect(HexDump.startAfterLink(dissection) == 14) }
    }
}

@Suite struct FieldTableTests {
    /// Spelled as tshark 4.0 spells them.
    @Test(arguments: [
        ("frame.number", "4"), ("frame.time_epoch", "1763708400.303981000"), ("frame.len", "74"),
        ("frame.protocols", "eth:ethertype:ip:tcp"),
        ("eth.src", "00:00:00:00:00:00"), ("eth.type", "0x0800"), ("ip.src", "127.0.0.1"), ("ip.ttl", "64"),
        ("ip.flags", "0x02"),
        ("ip.flags.df", "1"), ("ip.flags.mf", "0"), ("ip.dsfield.dscp", "0"), ("ip.frag_offset", "0"),
        ("tcp.port", "43210,65432"),
        ("tcp.flags", "0x0002"), ("tcp.flags.syn", "1"), ("tcp.seq", "0"), ("tcp.seq_raw", "4294967288"),
        ("tcp.stream", "0"),
        ("tcp.options.mss_val", "65495"), ("udp.srcport", ""),
        ("ip", "Internet Protocol Version 4, Src: 127.0.0.1, Dst: 127.0.0.1"),
        ("tcp", "Transmission Control Protocol, Src Port: 43210, Dst Port: 65432, Seq: 0, Len: 0"),
        ("frame", "Frame 4: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)"),
    ])
    func spelled(name: String, text: String) { #expect(RenderedPacket.syn.table([name]) == "\(text)\n") }

    @Test func ipv6Spelled() {
        #expect(
            RenderedPacket.echo6.table(["ipv6.src", "ipv6.flow", "ipv6.hlim", "icmpv6.type"])
                == "2001:db8::1\t0x012345\t64\t128\n")
    }

    @Test func options() {
        var options = FieldTable.Options()
        options.header = true
        options.separator = UInt8(ascii: ";")
        options.aggregator = UInt8(ascii: "|")
        options.quote = UInt8(ascii: "\"")
        #expect(
            RenderedPacket.syn.table(["tcp.port", "udp.port", "ip.ttl"], options)
                == "tcp.port;udp.port;ip.ttl\n\"43210|65432\";;\"64\"\n")
        options.occurrence = .first
        #expect(RenderedPacket.unreachable.table(["ip.src"], options) == "ip.src\n\"10.0.0.1\"\n")
        options.occurrence = .last
        #expect(RenderedPacket.unreachable.table(["ip.src"], options) == "ip.src\n\"10.0.0.2\"\n")
    }

    @Test func commentsAreEscaped() {
        var packet = RenderedPacket.udp6
        packet.notes = PacketNotes(comments: ["a\tb\u{1B}", "second"])
        #expect(packet.table(["frame.comment"]) == "a\\tb\\033,second\n")
        #expect(packet.json(.lines, ["frame.comment"]) == "{\"frame.comment\":[\"a\\tb\\u001b\",\"second\"]}\n")
    }
}

@Suite struct PacketJSONTests {
    @Test func aDocumentIsJSON() throws {
        let text = RenderedPacket.unreachable.json(.document)
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let layers = try #require((parsed[0]["_source"] as? [String: Any])?["layers"] as? [String: Any])
        let outer = try #require((layers["ip"] as? [[String: Any]])?.first)
        #expect(outer["ip.src"] as? String == "10.0.0.1")
        #expect((layers["icmp"] as? [String: Any])?["icmp.code"] as? String == "3")
        #expect(parsed[0]["_index"] as? String == "packets-2025-11-21")
    }

    @Test func chosenFieldsAreArraysAsInTshark() throws {
        let text = RenderedPacket.syn.json(.document, ["tcp.port", "ip.src", "udp.port"])
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let layers = try #require((parsed[0]["_source"] as? [String: Any])?["layers"] as? [String: [String]])
        #expect(layers == ["tcp.port": ["43210", "65432"], "ip.src": ["127.0.0.1"]])
    }

    @Test func linesAreFlat() throws {
        let text = RenderedPacket.syn.json(.lines)
        #expect(text.hasSuffix("}\n") && !text.dropLast().contains("\n"))
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(parsed["tcp.flags"] as? String == "0x0002")
        #expect(parsed["tcp.port"] as? [String] == ["43210", "65432"])
        #expect(RenderedPacket.syn.json(.lines, ["ip.ttl"]) == "{\"ip.ttl\":\"64\"}\n")
    }

    @Test func anEmptyDocument() {
        #expect(rendered { PacketJSON(.document).finish(to: &$0) } == "[\n\n]\n")
    }
}

@Suite struct NumberTextTests {
    @Test func decimals() {
        var random = SplitMix64(seed: 1)
        var numbers: [UInt64] = [0, 9, 10, 99, 100, 9999, 10000, 99_999_999, 100_000_000, 4_294_967_295, .max]
        for bits in 0..<64 {
            numbers.append(1 << UInt64(bits))
            numbers.append(random.next() >> UInt64(bits))
        }
        for number in numbers {
            #expect(rendered { $0.append(decimal: number) } == "\(number)")
            let padded = String(repeating: "0", count: max(0, 9 - "\(number)".count)) + "\(number)"
            #expect(rendered { $0.append(decimal: number, width: 9) } == padded.suffix(9))
        }
    }

    @Test func literalsOfEveryLength() {
        #expect(
            rendered { out in
                out.append("")
                out.append("a")
                out.append("bc")
                out.append("def")
                out.append("ghij")
                out.append("klmnopq")
                out.append("rstuvwxy")
                out.append("0123456789abcdef")
                out.append("0123456789abcdefg")
            } == "abcdefghijklmnopqrstuvwxy0123456789abcdef0123456789abcdefg")
    }
}
