import Addressing
import Diagnosis
import Packets
import Testing

/// DHCP's and DNS' exchanges.
@Suite struct LeaseAndNameTests {
    private static let nobody = Endpoint(.v4(.any), 68)
    private static let everybody = Endpoint(.v4(IPv4Address(rawValue: .max)), 67)
    private static let server = Endpoint(.v4(WrittenPackets.host(254)), 67)

    /// A DHCP message (RFC 2131 section 2) with type and server identifier.
    private static func dhcp(_ kind: UInt8, your: UInt8 = 0, _ options: [UInt8] = []) -> [UInt8] {
        var message: [UInt8] = [[2, 5, 6].contains(kind) ? 2 : 1, 1, 6, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]
        message += your == 0 ? [0, 0, 0, 0] : [10, 0, 0, your]
        message += [UInt8](repeating: 0, count: 8) + [2, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 202)
        return message + [0x63, 0x82, 0x53, 0x63, 53, 1, kind] + options + [255]
    }

    private static let identity: [UInt8] = [54, 4, 10, 0, 0, 254]

    @Test func anAddressIsGiven() {
        var capture = WrittenPackets()
        capture.udp(0, Self.nobody, Self.everybody, Self.dhcp(1))
        capture.udp(1, Self.server, Endpoint(.v4(WrittenPackets.host(50)), 68), Self.dhcp(2, your: 50, Self.identity))
        capture.udp(2, Self.nobody, Self.everybody, Self.dhcp(3, [50, 4, 10, 0, 0, 50] + Self.identity))
        capture.udp(
            5, Self.server, Endpoint(.v4(WrittenPackets.host(50)), 68),
            Self.dhcp(5, your: 50, Self.identity + [51, 4, 0, 0, 14, 16, 3, 4, 10, 0, 0, 254]))
        #expect(
            capture.told == [
                """
                The client 02:00:00:00:00:01 asked for an address (Discover, packet 1), was offered 10.0.0.50 by \
                10.0.0.254 \
                (packet 2), requested 10.0.0.50 (Request, packet 3), and the server 10.0.0.254 gave it 10.0.0.50 (ACK, \
                packet 4), 5.00 ms after the beginning: for 1 hour, router 10.0.0.254.
                """
            ])
        #expect(capture.stories.first?.findings.first?.severity == .success)
    }

    /// Question and answer go between other addresses: as conversations they look unanswered, and are not said to be.
    @Test func theConversationsOfALeaseKnowWhoIsWho() {
        var capture = WrittenPackets()
        capture.udp(0, Self.nobody, Self.everybody, Self.dhcp(1))
        capture.udp(1, Self.server, Endpoint(.v4(WrittenPackets.host(50)), 68), Self.dhcp(2, your: 50, Self.identity))
        let stories = capture.diagnosis.stories
        #expect(stories.map(\.client.port) == [68, 68])
        #expect(!stories.flatMap(\.findings).contains { $0.kind == .unanswered })
    }

    @Test func anAddressIsRefusedOrNeverGiven() {
        var refused = WrittenPackets()
        refused.udp(0, Self.nobody, Self.everybody, Self.dhcp(3, [50, 4, 10, 0, 0, 50]))
        refused.udp(1, Self.server, Endpoint(.v4(IPv4Address(rawValue: .max)), 68), Self.dhcp(6, Self.identity))
        #expect(refused.evidence(.leaseRefused) == [[1, 2]])
        #expect(refused.told.first?.contains("asked to have 10.0.0.50 (Request, packet 1)") == true)
        var silent = WrittenPackets()
        for time in [0, 3000] as [Double] { silent.udp(time, Self.nobody, Self.everybody, Self.dhcp(1)) }
        #expect(silent.evidence(.leaseUnanswered) == [[1, 2]])
        #expect(silent.told.first?.contains("no server offered one") == true)
    }

    // MARK: DNS

    private static let client = Endpoint(.v4(WrittenPackets.host(1)), 40_000)
    private static let resolver = Endpoint(.v4(WrittenPackets.host(53)), 53)
    /// A example.test
    private static let question: [UInt8] =
        [7] + Array("example".utf8) + [4] + Array("test".utf8) + [0, 0, 1, 0, 1]

    /// A message with the question, and for an answer one address.
    private static func dns(_ identifier: UInt8, flags: UInt16, answers: UInt8 = 0) -> [UInt8] {
        let header: [UInt8] = [0, identifier, UInt8(flags >> 8), UInt8(flags & 0xff), 0, 1, 0, answers, 0, 0, 0, 0]
        let record: [UInt8] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
        return header + question + (answers > 0 ? record : [])
    }

    @Test func aNameAndItsAddress() {
        var capture = WrittenPackets()
        capture.udp(0, Self.client, Self.resolver, Self.dns(7, flags: 0x0100))
        capture.udp(12, Self.resolver, Self.client, Self.dns(7, flags: 0x8180, answers: 1))
        #expect(capture.told == ["10.0.0.1 asked 10.0.0.53 for A example.test: 192.0.2.1, after 12.00 ms."])
    }

    @Test func namesInVain() {
        var missing = WrittenPackets()
        missing.udp(0, Self.client, Self.resolver, Self.dns(7, flags: 0x0100))
        missing.udp(1000, Self.client, Self.resolver, Self.dns(7, flags: 0x0100))
        missing.udp(1005, Self.resolver, Self.client, Self.dns(7, flags: 0x8183))
        #expect(
            missing.told == [
                """
                10.0.0.1 asked 10.0.0.53 twice for A example.test: there is no such name (NXDOMAIN), after 5.00 ms.
                """
            ])
        var silent = WrittenPackets()
        silent.udp(0, Self.client, Self.resolver, Self.dns(7, flags: 0x0100))
        #expect(silent.evidence(.nameUnanswered) == [[1]])
    }

    /// However many are asked for, the answers are told as a sum.
    @Test func manyNames() {
        var capture = WrittenPackets()
        for number in 1...100 as ClosedRange<UInt8> {
            capture.udp(Double(number), Self.client, Self.resolver, Self.dns(number, flags: 0x0100))
            capture.udp(Double(number) + 0.5, Self.resolver, Self.client, Self.dns(number, flags: 0x8180, answers: 1))
        }
        #expect(capture.told.count == 9)
        #expect(capture.told.last == "92 more questions with an answer.")
    }
}
