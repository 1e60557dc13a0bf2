import Addressing
import Packets
import Testing

/// What passes: Wireshark 4.0's semantics, each line tried with tshark 4.0.17 on the same bytes where it accepts it.
@Suite struct FilterEvaluationTests {
    @Test(arguments: [
        // Presence, protocols, logic.
        ("tcp", true), ("udp", false), ("ip and tcp", true), ("ip && !tcp", false), ("udp or tcp", true),
        ("udp || arp", false),
        ("not udp", true), ("not not tcp", true), ("!!tcp", true), ("tcp xor ip", false), ("tcp ^^ udp", true),
        ("(tcp)", true),
        ("tcp and (udp or ip)", true), ("tcp or udp and udp", true), ("(tcp or udp) and udp", false),
        ("tcp.flags.ack", true),
        ("tcp.options.mss_val", false), ("frame.number", true),
        // Numbers.
        ("ip.proto == \"TCP\"", true), ("ip.proto == TCP", true), ("ip.proto == tcp", true),
        ("ip.proto == \"UDP\"", false), ("eth.type == IPv4", true),
        ("tcp.dstport == 80", true), ("tcp.dstport == 0x50", true), ("tcp.dstport == 0120", true),
        ("tcp.dstport == 0b1010000", true),
        ("tcp.dstport eq 80", true), ("tcp.dstport ne 80", false), ("tcp.dstport>79&&tcp.dstport<81", true),
        ("tcp.dstport >= 81", false),
        ("tcp.dstport le 80", true), ("ip.ttl == -1", false), ("ip.ttl > -1", false), ("ip.ttl != -1", true),
        ("ip.ttl in {-1 .. 5}", false), ("80 == tcp.dstport", true), ("81 > tcp.dstport", true),
        ("1 < tcp.dstport < 100", true), ("1 < tcp.dstport < 50", false), ("ip.ttl == '\\x80'", true),
        ("tcp.seq_raw == 1245644951", true),
        // Several values: any, all.
        ("tcp.port == 80", true), ("tcp.port != 80", false), ("tcp.port != 81", true), ("tcp.port !== 80", true),
        ("tcp.port ~= 80", true),
        ("tcp.port any_ne 80", true), ("tcp.port === 80", false), ("tcp.port all_eq 80", false),
        ("any tcp.port == 80", true),
        ("all tcp.port == 80", false), ("all tcp.port > 79", true), ("not tcp.port == 80", false),
        ("udp.port != 80", false),
        // Booleans: with an order, and numbers to calculate with.
        ("tcp.flags.push > 0", true), ("tcp.flags.push <= 0", false), ("tcp.flags.push & 1 == 1", true),
        ("tcp.flags.push + 1 == 2", true),
        // Calculations of numbers alone.
        ("ip.ttl == 64 * 2", true), ("ip.ttl + 4 * 2 == 136", true), ("ip.ttl == 100 + 28 / 1", true),
        ("ip.ttl == 127", false),
        // Bytes: the shorter is the lesser. Text goes letter by letter.
        ("eth.src[0:3] > ff:ff", true), ("eth.src[0:3] < 00:00:00:00", true), ("eth.src[0:3] > d0:50:98", true),
        ("eth.src[0:3] < d0:50:99", false),
        ("frame.protocols > \"eth:a\"", true), ("frame.protocols < \"f\"", true),
        // Slices beyond the value have what is there.
        ("eth.src[0,9] == d0", true), ("eth.src[9:1] != 41", true), ("eth.src[9:1] == 41", false),
        ("eth.src[4:9] == \"\"", true),
        // Of some protocols only the header is cut and measured, while "contains" looks at all of it.
        ("eth[12:] == 08:00", true), ("eth[14]", false), ("eth[-14:6] == eth.dst", true), ("len(eth) == 14", true),
        ("len(ip) == 20", true),
        ("ip[-20] == 45", true), ("ip contains \"GET\"", true), ("eth contains \"GET\"", true),
        ("len(tcp) == 31", true), ("tcp[-4:] == \"HTTP\"", true),
        // Alone they are there only in full, and a calculation where it is not zero.
        ("eth.src[4:]", true), ("eth.src[0,9]", false), ("eth.src[4:9]", false), ("frame[64]", true),
        ("frame[65]", false), ("frame[-65:]", true),
        ("ip.ttl - ip.ttl", false), ("ip.ttl + 1", true), ("ip.ttl * 0", false),
        // "." is anything but a line feed.
        ("eth.src matches \"^\\\\xd0.\\\\x99\"", true), ("frame matches \"\\\\x0c..\\\\xfe\"", true),
        ("frame matches \"a[.]HTTP\"", false), ("frame matches \"a.HTTP\"", true),
        // Names of protocols that were renamed.
        ("ssl or bootp", false), ("ssl.handshake.type == 1", false),
        // Numbers as text are decimal.
        ("string(tcp.flags) == \"24\"", true), ("string(ip.ttl) contains \"28\"", true),
        // What no protocol claims, payloads, dates.
        ("data", false), ("tcp.payload contains \"GET\"", true), ("tcp.payload[0:3] == 47:45:54", true),
        ("udp.payload", false),
        ("frame.time >= \"2019-04-22 15:23:18\"", true), ("frame.time > \"Apr 22, 2019 15:23:18\"", true),
        ("frame.time < \"Apr 22, 2019 15:23:18.5 UTC\"", false),
        ("frame.time > \"2019-04-22T17:23:18+02:00\"", true), ("frame.time < \"2019-04-22T17:23:19+0200\"", true),
        ("frame.time < \"2019-04-22 13:23:18.7-02:00\"", false),
        // Booleans.
        ("tcp.flags.push == 1", true), ("tcp.flags.push == True", true), ("tcp.flags.push == FALSE", false),
        ("tcp.flags.syn == 0", true),
        ("tcp.flags.syn != 1", true),
        // Flags and sums.
        ("tcp.flags == 0x018", true), ("tcp.flags & 0x08", true), ("tcp.flags & 2", false),
        ("tcp.flags & 0x10 == 0x10", true),
        ("(tcp.flags & 0x10) == 0x10", true), ("tcp.flags bitand 0x08", true), ("ip.ttl + 1 == 129", true),
        ("ip.ttl - 1 == 127", true),
        ("ip.ttl * 2 == 256", true), ("ip.ttl / 3 == 42", true), ("ip.ttl % 3 == 2", true), ("ip.ttl / 0 == 1", false),
        ("- ip.ttl == -128", true),
        ("tcp.len == ip.len - 40", true), ("{ip.ttl + 1} * 2 == 258", true),
        // Addresses.
        ("ip.src == 192.168.0.119", true), ("ip.src == 192.168.0.0/16", true), ("ip.src == 10.0.0.0/8", false),
        ("ip.src != 10.0.0.0/8", true),
        ("ip.src == 0.0.0.0/0", true), ("ip.src > 192.168.0.118", true), ("ip.src > 192.168.0.0/16", false),
        ("ip.src in {192.168.0.0/16}", true),
        ("ip.src in {192.168.0.1 .. 192.168.0.200}", true), ("eth.src == d0:50:99:56:dd:f9", true),
        ("eth.src == d0-50-99-56-dd-f9", true),
        ("eth.src == d050.9956.ddf9", true), ("eth.src == D0:50:99:56:DD:F9", true),
        ("eth.src != d0:50:99:56:dd:f9", false),
        // Bits of addresses.
        ("ip.src & 255.255.0.0 == 192.168.0.0", true), ("ip.src & 0.0.0.128", false), ("ip.src & 0.0.0.64", true),
        ("ip.src & ip.dst == 128.40.0.53", true),
        ("eth.src & ff:ff:ff:00:00:00 == d0:50:99:00:00:00", true), ("eth.src & 01:00:00:00:00:00", false),
        // Lengths of numbers are those of their C types; greatest values beside one that stands in the filter.
        ("len(tcp.dstport) == 2", true), ("len(ip.ttl) == 1", true), ("len(frame.len) == 4", true),
        ("len(ip.src) == 4", true), ("len(eth.src) == 6", true),
        ("len(tcp.flags.push) == 0", true), ("max(ip.ttl, 200) == 200", true), ("max(5, ip.ttl) == 128", true),
        ("min(ip.ttl, 5) == 5", true),
        ("max(ip.src, ip.dst) == 192.168.0.119", true), ("max(frame.protocols) == \"eth:ethertype:ip:tcp\"", false),
        ("max(udp.port, 5) == 5", true), ("max(udp.port) == 5", false),
        ("string(ip.src#1) == \"192.168.0.119\"", true), ("string(ip.src#2) == \"192.168.0.119\"", false),
        ("all {ip.ttl} == 128", true), (".tcp and .ip.ttl == 128", true),
        // Sets.
        ("tcp.port in {80}", true), ("tcp.port in {81, 443}", false), ("tcp.port in {81 443 80}", true),
        ("tcp.port in {1..79, 81..100}", false),
        ("tcp.port in {1 .. 100}", true), ("tcp.port in {100..1}", false), ("tcp.port not in {81}", true),
        ("not tcp.port in {80}", false),
        ("all tcp.port in {80, 64698}", true),
        // Slices.
        ("eth.src[0:3] == d0:50:99", true), ("eth.src[0-2] == d0:50:99", true), ("eth.src[:3] == d0-50-99", true),
        ("eth.src[5] == f9", true),
        ("eth.src[-1] == f9", true), ("eth.src[0,5] == d0:f9", true), ("eth.src[1-2,5:] == 50:99:f9", true),
        ("eth.src[6] == 00", false),
        ("frame[12:2] == 08:00", true), ("frame[12:2] == 0x0800", true), ("tcp[0:2] == fc:ba", true),
        ("tcp[13] & 8", true), ("tcp[13] & 2", false),
        ("tcp[20:3] == \"GET\"", true), ("frame[4] > fd", true), ("ip[0] == 45", true),
        // Text and bytes.
        ("frame contains \"GET\"", true), ("frame contains 47:45:54", true), ("frame contains \"PUT\"", false),
        ("tcp contains \"HTTP\"", true),
        ("eth.src contains 50:99", true), ("frame matches \"get +/[a-z]\"", true), ("frame matches \"^get\"", false),
        ("frame ~ \"g.t\"", true),
        ("frame contains \"G\\x45\\124\"", true), ("frame contains r\"G\\x45\"", false),
        ("frame.protocols contains \"tcp\"", true),
        ("frame.protocols contains tcp", true), ("string(ip.src) matches \"^192\"", true),
        ("upper(frame.protocols) contains \"TCP\"", true),
        ("len(frame) == 65", true), ("count(tcp.port) == 2", true), ("max(tcp.port) == 64698", true),
        ("min(tcp.port, ip.ttl) == 80", true),
        ("len(eth.src[1:3]) == 3", true),
        // Times.
        ("frame.time_epoch == 1555946598.753357", true), ("frame.time_epoch >= 1555946599", false),
        ("frame.time_delta > 0.0156", true),
        ("frame.time_epoch > \"2019-04-22\"", true), ("frame.time_epoch < \"2019-04-22 15:23:18.7533571\"", true),
        ("frame.time_epoch == \"2019-04-22 15:23:18.753357Z\"", true),
        // Hosts without names, flags as letters.
        ("ip.host == \"192.168.0.119\"", true), ("ip.src_host contains \"169\"", false),
        ("ip.dst_host matches \"^169\"", true),
        ("ip.version == 4", true), ("tcp.flags.str == \"·······AP···\"", true), ("tcp.flags.str contains \"S\"", false),
        ("_ws.malformed", false), ("_ws.short", false),
        // Fields with fields.
        ("tcp.srcport == tcp.dstport", false), ("tcp.srcport > tcp.dstport", true), ("ip.src == ip.dst", false),
        ("ip.src != ip.dst", true),
        ("tcp.dstport == udp.dstport", false), ("tcp.stream == 3 and tcp.seq == 1", true),
    ])
    func tcp(filter: String, passes: Bool) throws {
        #expect(try FilterSample.tcp.passes(filter) == passes, "\(filter)")
    }

    @Test(arguments: [
        ("ipv6.src == 2001:db8::1", true), ("ipv6.src == 2001:db8::/32", true), ("ipv6.dst == 2001:DB8:0:0::2", true),
        ("ipv6.src == fe80::/10", false),
        ("ipv6.src == ::/0", true), ("ipv6.src < 2001:db8::2", true), ("ipv6.src[0:2] == 20:01", true),
        ("ipv6.src[15] == 01", true),
        ("udp.port in {5678}", true), ("eth.dst[0] & 1", true), ("udp.length == 10", true),
        ("ip.src == 10.0.0.1", false), ("ipv6 and not ip", true), ("ipv6.src & ffff:: == 2001::", true),
        ("ipv6.src & 4000::", false),
        ("len(ipv6.src) == 16", true), ("len(ipv6.flow) == 3", true),
        ("udp contains ab:cd", true), ("frame[-2:2] == ab:cd", true),
        ("ip.version == 6", true), ("ipv6.host == \"2001:db8::1\"", true), ("ipv6.dst_host contains \"::2\"", true),
    ])
    func ipv6(filter: String, passes: Bool) throws {
        #expect(try FilterSample.udp6.passes(filter) == passes, "\(filter)")
    }

    @Test(arguments: [
        ("ip.src == 10.0.0.2", true), ("ip.src != 10.0.0.2", false), ("ip.src#1 == 10.0.0.2", false),
        ("ip.src#2 == 10.0.0.2", true),
        ("ip.src#[1-2] == 10.0.0.2", true), ("ip.src#[-1] == 10.0.0.2", true), ("ip.ttl == 63", true),
        ("count(ip.src) == 2", true),
        ("icmp and udp", true), ("udp.dstport == 53", true), ("icmp.type == 3 && icmp.code == 3", true),
        ("all ip.ttl > 63", false),
        ("ip.dst == 11.0.0.0/8", true), ("all ip.dst == 11.0.0.0/8", false),
    ])
    func quotedPackets(filter: String, passes: Bool) throws {
        #expect(try FilterSample.icmp.passes(filter) == passes, "\(filter)")
    }

    @Test func packetsThatEndTooEarly() throws {
        var cut = FilterSample(Array(FilterSample.tcp.bytes.prefix(50)))
        #expect(
            try cut.passes("_ws.malformed") && cut.passes("not _ws.short") && cut.passes("count(_ws.malformed) == 1"))
        cut.facts.wireLength = 65
        #expect(try cut.passes("_ws.short") && cut.passes("!_ws.malformed && tcp"))
    }

    @Test func commentsAndInterfaces() throws {
        var sample = FilterSample.tcp
        sample.notes = PacketNotes(comments: ["first", "calls: send(12)"], interfaceName: "lo")
        sample.facts.commentCount = 2
        sample.facts.hasInterfaceName = true
        #expect(try sample.passes("frame.comment contains \"send\""))
        #expect(try sample.passes("frame.comment == \"first\""))
        #expect(try sample.passes("frame.interface_name == lo"))
        #expect(try !sample.passes("all frame.comment contains \"send\""))
        #expect(try !FilterSample.tcp.passes("frame.comment"))
    }

    @Test func aFilterSaysWhatItNeeds() throws {
        #expect(try DisplayFilter("tcp.port == 80").needs == [])
        #expect(try DisplayFilter("tcp.stream == 1 or frame.time_delta > 1").needs == [.analysis, .times])
        #expect(try DisplayFilter("frame.comment").needs == .notes)
    }

    /// Whatever bytes come, no filter traps, and a filter and its negation never agree.
    @Test func anyBytesAreEvaluated() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0 ... .max, using: &generator)
        var random = SplitMix64(seed: seed)
        let filters = try [
            "tcp[13] & 2", "frame[-4:4] contains 00", "frame contains \"ab\"", "ip.addr#[2-3] == 1.2.3.4",
            "dns.qry.name matches \"a.*b\"",
            "len(tcp) > 3", "eth.src[2:] != 00:00:00:00", "frame.protocols contains \"ip\"", "max(udp.port) > 7",
        ].compactMap { text -> (String, DisplayFilter, DisplayFilter)? in
            guard let plain = try? DisplayFilter(text) else { return nil }
            return (text, plain, try DisplayFilter("not (\(text))"))
        }
        for _ in 0..<400 {
            var bytes = (0..<Int(random.next() % 120)).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
            if bytes.count > 34, random.next() % 2 == 0 {
                bytes.replaceSubrange(12..<24, with: FilterSample.tcp.bytes[12..<24])
            }
            let sample = FilterSample(bytes)
            for var (text, plain, negated) in filters {
                var dissection = Dissection()
                Dissector().dissect(bytes.rawSpan, linkType: .ethernet, wireLength: bytes.count, into: &dissection)
                let passes = plain.matches(bytes.rawSpan, dissection, sample.facts)
                #expect(
                    negated.matches(bytes.rawSpan, dissection, sample.facts) != passes,
                    "\(text), seed \(seed), \(bytes)")
            }
        }
    }
}
