import Testing

@testable import Packets

@Suite struct NTPTests {
    @Test func client() {
        var bytes = [UInt8](repeating: 0, count: 48)
        bytes[0] = 0x23
        // 2023-08-02 21:20:00.25 UTC, and a second in the era after 2036.
        bytes.replaceSubrange(40..<48, with: [0xe8, 0x75, 0x47, 0x00, 0x40, 0, 0, 0])
        bytes.replaceSubrange(32..<40, with: [0, 0, 0, 1, 0x80, 0, 0, 0])
        let packet = Application(bytes, over: .udp, from: 40_000, to: 123)
        #expect(packet.kind == .ntp)
        #expect(packet.values("ntp.flags") == ["0x23"])
        #expect(packet.values("ntp.flags.vn") == ["4"])
        #expect(packet.values("ntp.flags.mode") == ["3"])
        #expect(packet.values("ntp.xmt") == ["Aug  2, 2023 21:20:00.250000000 UTC"])
        #expect(packet.values("ntp.rec") == ["Feb  7, 2036 06:28:17.500000000 UTC"])
        #expect(packet.values("ntp.org") == ["NULL"])
        #expect(packet.summary == "NTP client v4")
    }

    @Test func otherModes() {
        let control = Application([0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], over: .udp, from: 40_000, to: 123)
        #expect(control.values("ntp.stratum") == [])
        #expect(control.dissection.stop == .complete)
        #expect(control.summary == "NTP control v2")
    }
}

@Suite struct STUNTests {
    /// The response of RFC 5769 section 2.2: 192.0.2.1 port 32853.
    private let response: [UInt8] = [
        0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87,
        0xdf, 0xae,
        0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63, 0x74, 0x6f, 0x72, 0x20,
        0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
        0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9,
        0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7,
        0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
    ]
    /// The address of RFC 5769 section 2.3: 2001:db8:1234:5678:11:2233:4455:6677 port 32853.
    private let sixAttribute: [UInt8] = [
        0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25,
        0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9,
    ]

    @Test func testVectors() {
        let packet = Application(response, over: .udp, from: 3478, to: 40_000)
        #expect(packet.kind == .stun)
        #expect(packet.values("stun.type") == ["0x0101"])
        #expect(packet.values("stun.cookie") == ["2112a442"])
        #expect(packet.values("stun.id") == ["b7e7a701bc34d686fa87dfae"])
        #expect(packet.values("stun.att.ipv4") == ["192.0.2.1"])
        #expect(packet.values("stun.att.port") == ["32853"])
        #expect(packet.values("stun.att.software") == ["test vector"])
        #expect(packet.values("stun.att.crc32") == ["0xc07d4c96"])
        #expect(packet.summary == "STUN Binding Success Response 192.0.2.1:32853")
        var six = Array(response.prefix(20)) + sixAttribute
        six[3] = 24
        let other = Application(six, over: .udp, from: 40_001, to: 40_000)
        #expect(other.values("stun.att.ipv6") == ["2001:db8:1234:5678:11:2233:4455:6677"])
    }

    @Test func byContent() {
        let request = Array(response.prefix(2).reversed()) + [0, 0] + response[4..<20]
        var bytes = request
        bytes[0] = 0
        #expect(Application(bytes, over: .udp, from: 40_001, to: 40_000).summary == "STUN Binding Request")
        #expect(Application(bytes, over: .tcp, from: 40_001, to: 40_000).kind == .stun)
        bytes[4] = 0
        #expect(Application(bytes, over: .udp, from: 40_001, to: 40_000).kind == .udp)
        // A length that does not fill the datagram.
        bytes[4] = 0x21
        bytes[3] = 4
        #expect(Application(bytes, over: .udp, from: 40_001, to: 40_000).kind == .udp)
    }
}
