import Addressing
import Testing

@testable import Packets

/// What is expected here was compared with tshark 4.0.17 on the same bytes.
@Suite struct DNSTests {
    /// A header with the given counts, then `rest`.
    private func message(flags: UInt16 = 0x0100, counts: [UInt16] = [1, 0, 0, 0], _ rest: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(uint16: 0x1234)
        bytes.append(uint16: flags)
        for count in counts { bytes.append(uint16: count) }
        return bytes + rest
    }

    private func name(_ labels: [UInt8]...) -> [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }
    private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    private var example: [UInt8] { name(ascii("www"), ascii("example"), ascii("com")) }
    private var questionIN: [UInt8] { [0, 1, 0, 1] }

    private func query(_ name: [UInt8]) -> Application {
        Application(message(name + questionIN), over: .udp, from: 40_000, to: 53)
    }

    private func record(_ name: [UInt8], type: UInt16, class: UInt16 = 1, ttl: UInt32 = 60, _ data: [UInt8]) -> [UInt8]
    {
        var bytes = name
        bytes.append(uint16: type)
        bytes.append(uint16: `class`)
        bytes.append(uint32: ttl)
        bytes.append(uint16: UInt16(data.count))
        return bytes + data
    }

    @Test func query() {
        let packet = query(example)
        #expect(packet.kinds == [.ipv4, .udp, .dns])
        #expect(packet.values("dns.id") == ["0x1234"])
        #expect(packet.values("dns.qry.name.len") == ["15"] && packet.values("dns.count.labels") == ["3"])
        #expect(packet.values("dns.flags") == ["0x0100"])
        #expect(packet.values("dns.flags.recdesired") == ["1"])
        #expect(packet.values("dns.flags.rcode") == [])
        #expect(packet.values("dns.count.queries") == ["1"])
        #expect(packet.values("dns.qry.name") == ["www.example.com"])
        #expect(packet.values("dns.qry.type") == ["1"])
        #expect(packet.values("dns.qry.class") == ["0x0001"])
        #expect(packet.summary == "DNS query 0x1234 A www.example.com")
    }

    @Test func response() {
        let answers =
            record([0xc0, 12], type: 5, [3] + ascii("cdn") + [0xc0, 16]) + record([0xc0, 45], type: 1, [192, 0, 2, 1])
            + record(name(ascii("x")), type: 28, [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1])
        let packet = Application(
            message(
                flags: 0x8180, counts: [1, 3, 0, 1],
                example + questionIN + answers + record([0], type: 41, class: 1232, ttl: 0x8000, [])),
            over: .udp, from: 53, to: 40_000)
        #expect(packet.values("dns.flags.rcode") == ["0"])
        #expect(packet.values("dns.count.answers") == ["3"])
        #expect(packet.values("dns.resp.name") == ["www.example.com", "cdn.example.com", "x", "<Root>"])
        #expect(packet.values("dns.resp.type") == ["5", "1", "28", "41"])
        #expect(packet.values("dns.resp.ttl") == ["60", "60", "60"])
        #expect(packet.values("dns.cname") == ["cdn.example.com"])
        #expect(packet.values("dns.a") == ["192.0.2.1"])
        #expect(packet.values("dns.aaaa") == ["2001:db8::1"])
        #expect(packet.values("dns.rr.udp_payload_size") == ["1232"])
        #expect(packet.values("dns.resp.z.do") == ["1"])
        #expect(packet.summary == "DNS response 0x1234 A www.example.com CNAME cdn.example.com, 192.0.2.1, 2001:db8::1")
    }

    @Test func recordData() {
        let numbers: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5]
        let answers =
            record([0xc0, 12], type: 15, [0, 10] + name(ascii("mx"))) + record([0xc0, 12], type: 16, [2, 104, 105, 0])
            + record(
                name(ascii("_sip"), ascii("_udp"), ascii("example"), ascii("com")), type: 33,
                [0, 1, 0, 2, 0x13, 0xc4] + name(ascii("sip")))
            + record([0xc0, 12], type: 6, name(ascii("ns")) + name(ascii("admin")) + numbers)
        let packet = Application(
            message(flags: 0x8180, counts: [1, 4, 0, 0], example + questionIN + answers), over: .udp, from: 53,
            to: 40_000)
        #expect(packet.values("dns.mx.preference") == ["10"])
        #expect(packet.values("dns.mx.mail_exchange") == ["mx"])
        #expect(packet.values("dns.txt") == ["hi", ""])
        #expect(packet.values("dns.srv.service") == ["_sip"])
        #expect(packet.values("dns.srv.proto") == ["_udp"])
        #expect(packet.values("dns.srv.name") == ["example.com"])
        #expect(packet.values("dns.srv.port") == ["5060"])
        #expect(packet.values("dns.srv.target") == ["sip"])
        #expect(packet.values("dns.resp.name").count == 3)
        #expect(packet.values("dns.soa.mname") == ["ns"])
        #expect(packet.values("dns.soa.rname") == ["admin"])
        #expect(packet.values("dns.soa.serial_number") == ["1"])
        #expect(packet.values("dns.soa.minimum_ttl") == ["5"])
    }

    @Test func oddNames() {
        #expect(query([0]).values("dns.qry.name") == ["<Root>"])
        #expect(query([0xc0, 12]).values("dns.qry.name") == ["<Name contains a pointer that loops>"])
        #expect(query([1, 97, 0xc0, 12]).values("dns.qry.name") == ["<Name contains a pointer that loops>"])
        #expect(query([0xc0, 255]).values("dns.qry.name") == [])
        #expect(query([0x80, 0]).values("dns.qry.name") == [])
        #expect(query([3, 97, 98, 99, 0x45, 122, 122, 0]).values("dns.qry.name") == ["<Unknown extended label>"])
        #expect(query([0xc0, 5]).values("dns.qry.name") == ["<Root>"])
        #expect(query([1, 97, 0xc0, 5]).values("dns.qry.name") == ["a.\\000"])
        #expect(query([2, 122, 122, 0x41, 8, 0xff, 3, 97, 98, 99, 0]).values("dns.qry.name") == ["zz\\[xf"])
        #expect(query(name(ascii("a.b"), ascii("c"))).values("dns.qry.name") == ["a.b.c"])
    }

    @Test func escapes() {
        #expect(query(name([97, 0, 9, 27, 127, 98])).values("dns.qry.name") == ["a\\000\\t\\033\\177b"])
        #expect(query(name([97, 0xff, 0xc3, 0xa9, 0xc3])).values("dns.qry.name") == ["a\u{fffd}é\u{fffd}"])
        #expect(query(name([97, 0xe2, 0x80, 0xae])).values("dns.qry.name") == ["a\\u202E"])
        #expect(
            query(name([97, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xe2, 0x80, 0xae])).summary
                == "DNS query 0x1234 A a\\x1b[31m\\xe2\\x80\\xae")
    }

    @Test func longNames() {
        let label = [UInt8](repeating: 120, count: 63)
        #expect(
            query(name(label, label, label, [UInt8](repeating: 121, count: 61))).values("dns.qry.name")[0].count == 253)
        #expect(
            query(name(label, label, label, [UInt8](repeating: 121, count: 62))).values("dns.qry.name") == [
                "<Name too long>"
            ])
    }

    @Test func hostileNamesEndSoon() throws {
        // Names that point at one another, at themselves, and at 8,000 labels.
        var pointers = message(counts: [65_535, 0, 0, 0], [])
        for index in 0..<2_000 {
            pointers += [0xc0 | UInt8((12 + index * 2) >> 8 & 0x3f), UInt8((12 + index * 2) & 0xff)]
        }
        #expect(Application(pointers, over: .udp, from: 40_000, to: 53).readEverything())
        var labels = message(counts: [65_535, 0, 0, 0], [])
        for _ in 0..<8_000 { labels += [1, 97] }
        labels += [0xc0, 12, 0, 1, 0, 1, 0]
        let start = 12 + 16_000
        let read = DomainName(labels.rawSpan, at: start, message: 0, end: labels.count)
        let circle = try #require(read)
        #expect(circle.kind == .tooLong || circle.kind == .loop)
        #expect(circle.encodedLength == 2)
        // However far a name leads, only so many steps are walked.
        var walk = DomainName.Walk(offset: start, message: 0, end: labels.count)
        var steps = 0
        walking: while true {
            steps += 1
            switch walk.next(labels.rawSpan) {
            case .label, .bitString: continue
            case .end, .loop, .tooLong, .unknownLabel, .broken: break walking
            }
        }
        #expect(steps <= DomainName.maximumSteps + 1)
    }

    @Test func truncation() {
        let whole = message(example + questionIN)
        // As tshark: the number from four bytes on, the answers' count from eight on, the question when it is all
        // there.
        for length in 0..<whole.count {
            let packet = Application(Array(whole.prefix(length)), over: .udp, from: 40_000, to: 53)
            #expect(packet.values("dns.id") == (length >= 4 ? ["0x1234"] : []), "\(length) bytes")
            #expect(packet.values("dns.count.answers") == (length >= 8 ? ["0"] : []), "\(length) bytes")
            #expect(packet.values("dns.qry.name") == [], "\(length) bytes")
            if length > 0, length < 12 {
                guard case .truncatedOnWire(let error) = packet.dissection.stop else {
                    Issue.record("\(length) bytes: \(packet.dissection.stop)")
                    continue
                }
                #expect(error.available == length)
                #expect(error.layer == .dns)
            }
            let cut = Application(whole, over: .udp, from: 40_000, to: 53, cut: 28 + length)
            if length > 0, length < 12 {
                guard case .truncatedBySnaplen = cut.dissection.stop else {
                    Issue.record("cut at \(length): \(cut.dissection.stop)")
                    continue
                }
            }
        }
    }

    @Test func overTCP() {
        let one = message(example + questionIN)
        let two = message(name(ascii("b")) + questionIN)
        let both = [0, UInt8(one.count)] + one + [0, UInt8(two.count)] + two
        let packet = Application(both, over: .tcp, from: 40_000, to: 53)
        #expect(packet.kind == .dns)
        #expect(packet.values("dns.length") == ["33", "19"])
        #expect(packet.values("dns.qry.name") == ["www.example.com", "b"])
        #expect(packet.summary == "DNS query 0x1234 A www.example.com, query 0x1234 A b")
        // A message that continues in the next segment shows what is here.
        let cut = Application([0, 200] + one, over: .tcp, from: 40_000, to: 53)
        #expect(cut.values("dns.qry.name") == ["www.example.com"])
    }

    @Test func multicastAndLinkLocal() {
        let multicast = Application(message(flags: 0, example + [0, 12, 0x80, 1]), over: .udp, from: 5353, to: 5353)
        #expect(multicast.kind == .mdns)
        #expect(multicast.values("dns.qry.qu") == ["1"])
        #expect(multicast.values("dns.qry.class") == ["0x0001"])
        #expect(multicast.summary == "mDNS query 0x1234 PTR www.example.com")
        let local = Application(message(flags: 0x8400, example + questionIN), over: .udp, from: 5355, to: 40_000)
        #expect(local.kind == .llmnr)
        #expect(local.values("dns.flags.conflict") == ["1"])
        #expect(local.values("dns.flags.authoritative") == [])
    }

    @Test func byContent() {
        let whole = message(example + questionIN)
        #expect(Application(whole, over: .udp, from: 40_000, to: 9_953).kind == .dns)
        #expect(
            Application(message(counts: [2, 0, 0, 0], example + questionIN), over: .udp, from: 40_000, to: 9_953).kind
                == .udp)
        // 37 is the time protocol's, and the lower port decides.
        #expect(Application(whole, over: .udp, from: 53, to: 37).kind == .udp)
        #expect(Application(whole, over: .udp, from: 0, to: 53).kind == .dns)
        // A remote procedure call whose transaction looks like a response.
        let call: [UInt8] = [0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0x86, 0xa3, 0, 0, 0, 3, 0, 0, 0, 1]
        #expect(Application(call, over: .udp, from: 40_000, to: 2_049).kind == .udp)
    }
}
