import Addressing
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: ["0.0.0.0", "127.0.0.1", "255.255.255.255", "10.20.30.40"])
    func dottedDecimalRoundTrips(text: String) { #expect(IPv4Address(text)?.description == text) }

    @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "a.b.c.d", "1.2.3.4 ", "+1.2.3.4"])
    func notAnIPv4Address(text: String) { #expect(IPv4Address(text) == nil) }

    // RFC 5952 sections 4 and 5: the one canonical spelling.
    @Test(arguments: [
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:db8::1", "2001:db8::1"),
        ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("fe80::1", "fe80::1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ])
    func canonicalIPv6(text: String, canonical: String) { #expect(IPv6Address(text)?.description == canonical) }

    @Test(arguments: [
        "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:",
        "::1.2.3", "fe80::1%eth0", "1:2:3:4:5:6:7:8::",
    ])
    func notAnIPv6Address(text: String) { #expect(IPv6Address(text) == nil) }

    @Test(arguments: ["127.0.0.1:65432", "[::1]:80", "[fe80::1%2]:8080"])
    func endpointRoundTrips(text: String) { #expect(Endpoint(text)?.description == text) }

    @Test(arguments: ["127.0.0.1", "::1:80", "[::1]", "1.2.3.4:70000", "[1.2.3.4]:80", "1.2.3.4:-1"])
    func notAnEndpoint(text: String) { #expect(Endpoint(text) == nil) }
}

@Suite struct TimestampTests {
    @Test func differencesAreExactAndClamped() {
        let a = Timestamp(seconds: 10, nanoseconds: 999_999_999)
        let b = Timestamp(seconds: 11, nanoseconds: 1)
        #expect(b.nanoseconds(since: a) == 2)
        #expect(a.nanoseconds(since: b) == -2)
        #expect(a.advanced(byNanoseconds: 2) == b)
        #expect(b.advanced(byNanoseconds: -2) == a)
        #expect(
            Timestamp(seconds: .max, nanoseconds: 0).nanoseconds(since: Timestamp(seconds: .min, nanoseconds: 0))
                == .max)
        #expect(
            Timestamp(seconds: .min, nanoseconds: 0).nanoseconds(since: Timestamp(seconds: .max, nanoseconds: 0))
                == .min)
    }

    @Test func epochTextRoundTrips() {
        let time = Timestamp(seconds: 1_763_708_400, nanoseconds: 12_345_678)
        #expect(time.description == "1763708400.012345678")
        #expect(Timestamp(epoch: time.description) == time)
        #expect(Timestamp(epoch: "5.5") == Timestamp(seconds: 5, nanoseconds: 500_000_000))
        #expect(Timestamp(epoch: "5") == nil)
        #expect(Timestamp(epoch: "5.0123456789") == nil)
        #expect(Timestamp(seconds: -2, nanoseconds: 250_000_000).description == "-1.750000000")
    }
}
