import Addressing
import Packets
import Probe
import Testing

@Suite struct STUNBindingTests {
    /// RFC 5769's transaction.
    private let binding = STUNBinding(transaction: [
        0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
    ])

    /// RFC 5769 section 2.2.
    private let ipv4: [UInt8] = [
        0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
        0xdf, 0xae,
        0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20,
        0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
        0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9,
        0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7,
        0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
    ]

    /// RFC 5769 section 2.3.
    private let ipv6: [UInt8] = [
        0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
        0xdf, 0xae,
        0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20,
        0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25,
        0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9,
        0x00, 0x08, 0x00, 0x14, 0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6, 0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92,
        0xc2, 0x75, 0xbf, 0xe3, 0xed, 0x41,
        0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
    ]

    @Test func testVectors() throws {
        #expect(binding.judge(ipv4.rawSpan) == .mapped(Endpoint(try #require(IPAddress("192.0.2.1")), 32853)))
        #expect(
            binding.judge(ipv6.rawSpan)
                == .mapped(Endpoint(try #require(IPAddress("2001:db8:1234:5678:11:2233:4455:6677")), 32853)))
    }

    @Test func theQuestionIsAHeaderAlone() {
        #expect(binding.request == [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42] + binding.transaction)
    }

    @Test func answersToOthersArePassedOver() {
        for index in 8..<20 {
            var bytes = ipv4
            bytes[index] ^= 1
            #expect(binding.judge(bytes.rawSpan) == nil)
        }
        var request = ipv4
        request[0] = 0
        #expect(binding.judge(request.rawSpan) == nil)
    }

    @Test func noPrefixAndNoByteTraps() {
        for message in [ipv4, ipv6] {
            for length in 0..<message.count {
                let answer = binding.judge(Array(message.prefix(length)).rawSpan)
                if length < 20 {
                    #expect(answer == nil)
                } else {
                    #expect(answer == .useless("the length of the answer is wrong"))
                }
            }
            for index in message.indices {
                for value in [0, 0x7f, 0xff] as [UInt8] {
                    var bytes = message
                    bytes[index] = value
                    _ = binding.judge(bytes.rawSpan)
                }
            }
        }
    }

    @Test func oldServersAndErrors() {
        let plain: [UInt8] =
            [1, 1, 0, 12, 0x21, 0x12, 0xa4, 0x42] + binding.transaction + [0, 1, 0, 8, 0, 1, 0x12, 0x34, 10, 1, 2, 3]
        #expect(binding.judge(plain.rawSpan) == .mapped(Endpoint(.v4(IPv4Address(10, 1, 2, 3)), 0x1234)))
        let error: [UInt8] =
            [1, 0x11, 0, 12, 0x21, 0x12, 0xa4, 0x42] + binding.transaction + [0, 9, 0, 8, 0, 0, 4, 20]
            + Array("Nope".utf8)
        #expect(binding.judge(error.rawSpan) == .refused(code: 420, reason: "Nope"))
        let empty: [UInt8] = [1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42] + binding.transaction
        #expect(binding.judge(empty.rawSpan) == .useless("the answer has no address"))
    }

    /// RFC 8489 section 6.2.1's own example.
    @Test func retransmissions() {
        #expect(STUNBinding.sendTimes.map { $0 / 1_000_000 } == [0, 500, 1500, 3500, 7500, 15500, 31500])
        #expect(STUNBinding.giveUpTime / 1_000_000 == 39500)
    }
}

@Suite struct PlainHTTPTests {
    @Test(arguments: [
        ("http://a", "a", "80", "/"), ("http://a:8080/x?y#z", "a", "8080", "/x?y"),
        ("HTTP://[::1]:81", "::1", "81", "/"), ("http://a?b", "a", "80", "/?b"),
    ])
    func urls(text: String, host: String, port: String, target: String) throws {
        let url = try #require(PlainHTTP.URL(text))
        #expect((url.host, url.port, url.target) == (host, port, target))
    }

    @Test(arguments: [
        "https://a", "http://", "http://a:0", "http://a:70000", "http://[::1", "http://a b", "http://a/\r\nX: y",
        "ftp://a", "http://u@h", "http://[::1]x",
    ])
    func noURLs(text: String) { #expect(PlainHTTP.URL(text) == nil) }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n192.0.2.7\nxxx", true),
        ("HTTP/1.0 200 OK\r\n\r\n192.0.2.7\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\n192.\r\n6\r\n0.2.7\n\r\n0\r\n\r\n", true),
    ])
    func addresses(text: String, isWhole: Bool) {
        #expect(PlainHTTP.judge(Array(text.utf8)) == .address(.v4(IPv4Address(192, 0, 2, 7))))
        #expect(PlainHTTP.isWhole(Array(text.utf8)) == isWhole)
    }

    @Test(arguments: [
        "", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 404 No\r\n\r\n1.2.3.4", "HTTP/1.1 301 Moved\r\nLocation: https://x\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n1.2.3.4", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n1.2.3.4",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n1.2",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n1.2",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n1.2",
    ])
    func useless(text: String) {
        guard case .useless = PlainHTTP.judge(Array(text.utf8)) else {
            Issue.record("\(text)")
            return
        }
    }

    @Test func noPrefixTraps() {
        let whole = Array(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n192.\r\n6\r\n0.2.7\n\r\n0\r\n\r\n".utf8)
        for length in 0..<whole.count {
            _ = (PlainHTTP.judge(Array(whole.prefix(length))), PlainHTTP.isWhole(Array(whole.prefix(length))))
        }
    }
}

@Suite struct PublicAddressTests {
    private func report(_ address: String, _ local: String? = nil, port: UInt16? = nil) -> ProviderReport {
        let end = local.flatMap { IPAddress($0) }.map { Endpoint($0, 4000) }
        return ProviderReport(
            provider: .stun(host: "x", port: "1"), family: .ipv4,
            outcome: .address(IPAddress(address) ?? .v4(.any), port: port.map { Port($0) }, local: end), after: 1)
    }

    @Test func agreementDisagreementAndNAT() {
        let verdict = PublicAddressVerdict(
            [report("192.0.2.1", "10.0.0.1", port: 4000), report("192.0.2.9"), report("192.0.2.1")], .ipv4)
        #expect((verdict.address, verdict.agreeing, verdict.isAgreed) == (IPAddress("192.0.2.1"), 2, true))
        #expect(verdict.others == [IPAddress("192.0.2.9")])
        #expect(verdict.isTranslated == true)
        #expect(PublicAddressVerdict([report("192.0.2.1", "192.0.2.1", port: 4000)], .ipv4).isTranslated == false)
        #expect(PublicAddressVerdict([report("192.0.2.1", "192.0.2.1", port: 4001)], .ipv4).isTranslated == true)
        #expect(PublicAddressVerdict([], .ipv4).address == nil)
        #expect(PublicAddressVerdict([report("192.0.2.1")], .ipv6).address == nil)
    }

    @Test(arguments: [
        ("h:1", "stun:h:1"), ("h", "stun:h:3478"), ("[::1]:5", "stun:[::1]:5"), ("::1", "stun:[::1]:3478"),
    ])
    func providers(text: String, shown: String) { #expect(AddressProvider.stun(text)?.text == shown) }

    @Test(arguments: ["", ":1", "h:", "h:0", "h:70000", "h:x", "[::1]x", "a:b:c"])
    func noProviders(text: String) { #expect(AddressProvider.stun(text) == nil) }
}
