import Addressing
import Capture
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// Stories of what is below TCP and UDP: groups, 802.11, fragments that come again, and what no story is told of.
@Suite struct LinkStoryTests {
    /// What is told beside conversations, a line a finding.
    private static func told(_ traffic: TestTraffic) -> [String] {
        var diagnosis = CaptureDiagnosis()
        traffic.read(joins: true) { diagnosis.take($0, $1, $2) }
        diagnosis.finish()
        while diagnosis.next() != nil {}
        return diagnosis.topics().flatMap(\.findings).map { SentenceText.text($0.sentence) }
    }

    // MARK: Groups

    private static func igmp(
        _ milliseconds: Double, _ source: UInt8, _ message: [UInt8], _ capture: inout WrittenPackets
    ) {
        capture.add(
            milliseconds,
            WrittenPackets.ip(
                WrittenPackets.host(source), IPv4Address(rawValue: 0xe000_0016), IPProtocol(rawValue: 2), message))
    }

    @Test func whoListensToAGroup() {
        var capture = WrittenPackets()
        let group: [UInt8] = [239, 1, 1, 1]
        Self.igmp(0, 1, [0x11, 100, 0, 0, 0, 0, 0, 0], &capture)
        Self.igmp(1, 5, [0x16, 0, 0, 0] + group, &capture)
        // Version 3: to exclude no source is to listen, to include none is to leave.
        Self.igmp(2, 6, [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0] + group, &capture)
        Self.igmp(3, 6, [0x22, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0] + group, &capture)
        #expect(
            capture.told == [
                "10.0.0.1 asked who listens to any group: it is the router that asks on this link.",
                "10.0.0.5 said that it listens to 239.1.1.1.",
                "10.0.0.6 said that it listens to 239.1.1.1, and then left that group (packet 4).",
            ])
    }

    @Test func listenersOfIPv6() {
        var capture = WrittenPackets()
        let group = IPv6Address(high: 0xff02 << 48, low: 0x1234)
        capture.icmpv6(0, 5, group, [131, 0, 0, 0, 0, 0, 0, 0] + group.octets)
        capture.icmpv6(1, 5, group, [143, 0, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0] + group.octets)
        #expect(
            capture.told == ["fe80::5 said that it listens to ff02::1234, and then left that group (packet 2)."])
    }

    // MARK: 802.11

    private static let station: [UInt8] = [2, 0, 0, 0, 0, 5]
    private static let cell: [UInt8] = [2, 0, 0, 0, 0, 1]

    /// A management frame, or with `isData` one with LLC and SNAP.
    private static func frame(_ control: UInt8, fromStation: Bool, _ body: [UInt8], isData: Bool = false) -> [UInt8] {
        let (from, to) = fromStation ? (station, cell) : (cell, station)
        let flags: UInt8 = isData ? fromStation ? 1 : 2 : 0
        let third = isData ? fromStation ? to : from : cell
        return [control, flags, 0, 0] + to + from + third + [0, 0] + body
    }

    private static func key(_ message: Int) -> [UInt8] {
        let information: UInt16 = [0, 0x008a, 0x010a, 0x13ca, 0x030a][message]
        var body: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e, 1, 3, 0, 95, 2]
        body += [UInt8(information >> 8), UInt8(information & 255)] + [UInt8](repeating: 0, count: 90)
        body += [0, message == 2 || message == 3 ? 4 : 0]
        if message == 2 || message == 3 { body += [1, 2, 3, 4] }
        return frame(0x08, fromStation: message % 2 == 0, body, isData: true)
    }

    private static func joining(_ frames: [[UInt8]]) -> TestTraffic {
        var traffic = TestTraffic()
        for (index, bytes) in frames.enumerated() {
            traffic.add(at: TestClock.at(Int64(index) * 1000), bytes, linkType: LinkType(rawValue: 105))
        }
        return traffic
    }

    private static let opening: [[UInt8]] = [
        frame(0xb0, fromStation: true, [0, 0, 1, 0, 0, 0]), frame(0xb0, fromStation: false, [0, 0, 2, 0, 0, 0]),
        frame(0x00, fromStation: true, [1, 0, 10, 0, 0, 3, 0x6c, 0x61, 0x62]),
    ]
    private static let accepted = frame(0x10, fromStation: false, [1, 0, 0, 0, 1, 0xc0])

    @Test func aStationJoins() {
        let text = Self.told(Self.joining(Self.opening + [Self.accepted] + (1...4).map(Self.key)))
        #expect(
            text == [
                """
                The station 02:00:00:00:00:05 joined the cell 02:00:00:00:00:01 of the network lab: authentication \
                (packets 1 and 2), association (packets 3 and 4), the four-way handshake of keys (EAPOL, packets 5, 6, \
                7 and 8), in 7.00 ms.
                """
            ])
    }

    @Test func aStationIsRefused() {
        let refused = Self.frame(0x10, fromStation: false, [1, 0, 17, 0, 0, 0])
        let text = Self.told(Self.joining(Self.opening + [refused]))
        #expect(text.count == 1 && text[0].contains("was refused by the cell"), "\(text)")
        #expect(text[0].hasSuffix("status 17, it has as many stations as it takes."))
    }

    @Test func aWrongPassphrase() {
        let ending = Self.frame(0xc0, fromStation: false, [15, 0])
        let frames = Self.opening + [Self.accepted] + [1, 2, 1, 2].map(Self.key) + [ending]
        let text = Self.told(Self.joining(frames))
        #expect(text.count == 1 && text[0].contains("as far as message 2 of 4"), "\(text)")
        #expect(text[0].contains("The cell began it twice: a wrong passphrase does that."))
        #expect(text[0].contains("The cell ended it (packet 9): reason 15"))
    }

    // MARK: Fragments

    private static func fragment(_ offset: Int, _ length: Int, more: Bool) -> [UInt8] {
        var bytes = WrittenPackets.ip(
            WrittenPackets.host(1), WrittenPackets.host(2), IPProtocol(rawValue: 253),
            [UInt8](repeating: 1, count: length))
        let place = UInt16(offset / 8) | (more ? 0x2000 : 0)
        (bytes[19], bytes[20], bytes[21]) = (7, UInt8(place >> 8), UInt8(place & 255))
        return bytes
    }

    /// A fragment that the network doubled belongs to the datagram that is whole, and begins no other one.
    @Test func aFragmentThatComesAgain() {
        var traffic = TestTraffic()
        for (index, bytes) in [
            Self.fragment(0, 800, more: true), Self.fragment(800, 200, more: false), Self.fragment(0, 800, more: true),
        ].enumerated() {
            traffic.add(at: TestClock.at(Int64(index) * 1000), bytes)
        }
        #expect(
            Self.told(traffic).filter { $0.contains("fragment") } == [
                """
                10.0.0.1 sent 10.0.0.2 a datagram of 1000 bytes in 2 fragments. One of them came once more when it was \
                whole (packet 3).
                """
            ])
    }

    /// Nobody waits longer than a minute: what comes then is another datagram's.
    @Test func fragmentsAMinuteApartAreTwoDatagrams() {
        var traffic = TestTraffic()
        traffic.add(at: TestClock.at(0), Self.fragment(0, 800, more: true))
        traffic.add(at: TestClock.at(61_000_000), Self.fragment(800, 200, more: false))
        #expect(Self.told(traffic).count { $0.contains("of which the capture has") } == 2)
    }

    // MARK: Untold

    @Test func whatHasNoTimeOrNoKnownLayerIsCounted() {
        var traffic = TestTraffic()
        traffic.add(at: nil, Self.fragment(0, 8, more: false))
        traffic.add(at: TestClock.at(0), [1, 2, 3], linkType: LinkType(rawValue: 195))
        #expect(
            Self.told(traffic) == [
                "1 packet without a time: stories rest on times, and tell nothing of these.",
                "1 packet of the link type 195, which netprobe does not take apart.",
            ])
    }
}
