import Addressing
import Packets
import TestSupport
import Testing

@testable import Conversations

/// Which echo request a reply answers. Tried with tshark 4.0.17 on the same bytes.
@Suite struct EchoRequestTests {
    private static let ends: [[UInt8]] = [[10, 0, 0, 1], [10, 0, 0, 2], [10, 0, 0, 3]]

    /// An ICMP message over IPv4, its checksum right but for `wrong`.
    private func message(
        _ type: UInt8, _ number: UInt8, from source: Int, to destination: Int, data: [UInt8] = [1, 2], wrong: UInt8 = 0
    ) -> [UInt8] {
        let body: [UInt8] = [0, 7, 0, number] + data
        var sum = UInt32(type) << 8
        for index in stride(from: 0, to: body.count, by: 2) {
            sum += UInt32(body[index]) << 8 + UInt32(body[index + 1])
        }
        let checksum = ~UInt16(truncatingIfNeeded: sum & 0xffff + sum >> 16)
        let icmp: [UInt8] = [type, 0, UInt8(checksum >> 8), UInt8(checksum & 255) ^ wrong] + body
        return [0x45, 0, 0, UInt8(20 + icmp.count), 0, 1, 0, 0, 64, 1, 0, 0] + Self.ends[source]
            + Self.ends[destination] + icmp
    }

    /// The field's values in each packet; nil where it is not there.
    private func answers(_ packets: [[UInt8]]) throws -> [UInt64?] {
        let field = try #require(NamedField("icmp.resp_to"))
        return TestTraffic(packets, linkType: .ipv4).values(of: [field]).map { values in
            guard case .unsigned(let packet)? = values[0].first else { return nil }
            return packet
        }
    }

    @Test func requestsAndReplies() throws {
        #expect(try answers([message(8, 1, from: 0, to: 1), message(0, 1, from: 1, to: 0)]) == [nil, 1])
        // Asked twice, the last one is answered; a second answer answers nothing, nor does one from somebody else.
        #expect(
            try answers([
                message(8, 2, from: 0, to: 1), message(8, 2, from: 0, to: 1), message(0, 2, from: 2, to: 0),
                message(0, 2, from: 1, to: 0),
                message(0, 2, from: 1, to: 0),
            ]) == [nil, nil, nil, 2, nil])
        // Other data than were sent, or a damaged checksum.
        #expect(
            try answers([message(8, 3, from: 0, to: 1), message(0, 3, from: 1, to: 0, data: [1, 3])]) == [nil, nil])
        #expect(try answers([message(8, 3, from: 0, to: 1, wrong: 5), message(0, 3, from: 1, to: 0)]) == [nil, nil])
        #expect(try answers([message(0, 4, from: 1, to: 0), message(8, 4, from: 0, to: 1)]) == [nil, nil])
    }

    @Test func unansweredRequestsAreForgotten() {
        var echoes = EchoRequests()
        for packet in 0..<UInt32(EchoRequests.remembered + 100) {
            let bytes: [UInt8] = [
                8, 0, 0, 0, UInt8(packet >> 24), UInt8(packet >> 16 & 255), UInt8(packet >> 8 & 255),
                UInt8(packet & 255),
            ]
            guard let message = try? ICMPMessage(bytes.rawSpan) else {
                Issue.record("no message")
                return
            }
            #expect(echoes.take(message, from: .v4(.loopback), to: .v4(.loopback), packet: packet) == nil)
        }
        #expect(echoes.count == EchoRequests.remembered)
    }
}
