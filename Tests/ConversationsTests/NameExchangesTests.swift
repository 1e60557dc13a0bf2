import Addressing
import Packets
import TestSupport
import Testing

@testable import Conversations

/// DNS queries and their answers; each exchange was shown to tshark 4.0.17.
@Suite struct NameExchangesTests {
    private let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a01_0002)), 53)

    private func message(_ identifier: UInt8, isResponse: Bool) -> [UInt8] {
        [0, identifier, isResponse ? 0x81 : 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1]
    }

    /// The values of `dns.response_to`, `dns.time` and `dns.retransmission` in each packet; they are 10 ms apart.
    private func exchange(_ messages: [(port: UInt16, identifier: UInt8, isResponse: Bool)]) throws -> [[FieldValue]] {
        let fields = try ["dns.response_to", "dns.time", "dns.retransmission"].map { try #require(NamedField($0)) }
        var traffic = TestTraffic()
        for (index, one) in messages.enumerated() {
            let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a01_0001)), Port(one.port))
            let payload = message(one.identifier, isResponse: one.isResponse)
            let bytes =
                one.isResponse
                ? TestPacket.udp(server, client, payload: payload) : TestPacket.udp(client, server, payload: payload)
            traffic.add(at: TestClock.at(Int64(index) * 10_000), bytes)
        }
        return traffic.values(of: fields).map { $0.flatMap { $0 } }
    }

    private func answer(to packet: UInt64, after milliseconds: Int64) -> [FieldValue] {
        [.unsigned(packet), .duration(nanoseconds: milliseconds * 1_000_000)]
    }

    @Test func answersFollowTheirIdentifier() throws {
        let found = try exchange([
            (5000, 1, false), (5000, 2, false), (5000, 2, true), (5000, 1, true), (6000, 3, true),
        ])
        #expect(found == [[], [], answer(to: 2, after: 10), answer(to: 1, after: 30), []])
    }

    @Test func whatIsSentAgainBelongsToTheFirst() throws {
        let found = try exchange([
            (5000, 1, false), (5000, 1, false), (5000, 1, true), (5000, 1, true), (5000, 1, false), (5000, 1, true),
        ])
        #expect(
            found == [[], [.boolean(true)], answer(to: 1, after: 20), [.boolean(true)], [], answer(to: 5, after: 10)])
    }

    @Test func streamsKeepApart() throws {
        let found = try exchange([(5000, 1, false), (5001, 1, false), (5001, 1, true), (5000, 1, true)])
        #expect(found == [[], [], answer(to: 2, after: 10), answer(to: 1, after: 30)])
    }

    @Test func datagramsHaveTimes() throws {
        let fields = try ["udp.time_relative", "udp.time_delta"].map { try #require(NamedField($0)) }
        var traffic = TestTraffic()
        for (index, port) in [UInt16(7), 8, 7, 7].enumerated() {
            let bytes = TestPacket.udp(Endpoint(.v4(.loopback), Port(port)), server, payload: [1])
            traffic.add(at: TestClock.at(Int64(index) * 1_000), bytes)
        }
        let found = traffic.values(of: fields).map { $0.flatMap { $0 } }
        func times(_ milliseconds: Int64...) -> [FieldValue] {
            milliseconds.map { .duration(nanoseconds: $0 * 1_000_000) }
        }
        #expect(found == [times(0, 0), times(0, 0), times(2, 2), times(3, 1)])
    }
}
