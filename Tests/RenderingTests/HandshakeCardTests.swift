import Addressing
import Conversations
import Packets
import Rendering
import TestSupport
import Testing

/// The handshake card says no more than its segments show.
@Suite struct HandshakeCardTests {
    private let client = EchoExchange.client
    private let server = EchoExchange.server
    private static let dataOffset = 14 + 20 + 12

    private func card(_ packets: [[UInt8]]) throws -> String {
        let observed = packets.enumerated().compactMap {
            TestPacket.observed($1, number: $0 + 1, microseconds: Int64($0) * 10)
        }
        let conversation = try #require(Conversation.all(in: observed).first)
        return rendered { HandshakeCard.write(conversation, to: &$0) }
    }

    /// A data offset of 4 words leaves no room for the header itself: what follows is neither options nor data.
    @Test(arguments: [0x40, 0xf0] as [UInt8]) func aMalformedSYNCarriesNothing(offset: UInt8) throws {
        var syn = TestPacket.tcp(client, server, .syn, seq: 1, options: [.maximumSegmentSize(1460)])
        syn[Self.dataOffset] = offset
        let text = try card([syn])
        #expect(text.contains("malformed: its header length cannot be right"), "\(text)")
        #expect(!text.contains("Fast Open") && !text.contains("carries") && !text.contains("offers"), "\(text)")
        let answered = try card([syn, TestPacket.tcp(server, client, [.syn, .ack], seq: 9, ack: 2)])
        #expect(
            answered.contains("Agreed: window scaling not known, SACK not known, timestamps not known"), "\(answered)")
    }

    @Test func onlyACookieMakesFastOpen() throws {
        let plain = try card([TestPacket.tcp(client, server, .syn, seq: 1, payload: [1, 2, 3])])
        #expect(plain.contains("carries 3 bytes of data already (a SYN may, RFC 9293 section 3.4)"), "\(plain)")
        var cookie = TestPacket.tcp(
            client, server, .syn, seq: 1, payload: [1], options: [TCPOptions.Option](repeating: .noOperation, count: 8))
        cookie.replaceSubrange(Self.dataOffset + 8..<Self.dataOffset + 14, with: [34, 6, 0xde, 0xad, 0xbe, 0xef])
        let open = try card([cookie])
        #expect(open.contains("carries 1 byte of data already (TCP Fast Open, RFC 7413)"), "\(open)")
    }

    /// RFC 9293 section 3.7.1 has another default over IPv6.
    @Test func theDefaultSegmentSizeIsThatOfTheAddress() throws {
        #expect(try card([TestPacket.tcp(client, server, .syn, seq: 1)]).contains("no MSS (536 is assumed"))
        let six = Endpoint(.v6(.loopback), 40000)
        #expect(
            try card([TestPacket.tcp(six, Endpoint(.v6(.loopback), 7), .syn, seq: 1)]).contains(
                "no MSS (1220 is assumed"))
    }

    /// RFC 9293 section 3.5, figure 7.
    @Test func bothOpenedAtOnce() throws {
        let text = try card([
            TestPacket.tcp(client, server, .syn, seq: 100), TestPacket.tcp(server, client, .syn, seq: 300),
            TestPacket.tcp(client, server, [.syn, .ack], seq: 100, ack: 301),
            TestPacket.tcp(server, client, [.syn, .ack], seq: 300, ack: 101),
        ])
        #expect(text.contains("SYN      packet 1  127.0.0.1:43210 → 127.0.0.1:65432\n"), "\(text)")
        #expect(text.contains("SYN      packet 2  127.0.0.1:65432 → 127.0.0.1:43210\n"), "\(text)")
        #expect(
            text.contains(
                """
                seq 300 (relative 0): the other end's initial sequence number; \
                both opened at once (RFC 9293 section 3.5, figure 7)
                """
            ), "\(text)")
        #expect(text.contains("SYN-ACK  packet 3  127.0.0.1:43210 → 127.0.0.1:65432\n"), "\(text)")
        #expect(text.contains("SYN-ACK  packet 4  127.0.0.1:65432 → 127.0.0.1:43210\n"), "\(text)")
        #expect(text.contains("Agreed: window scaling no, SACK no, timestamps no"), "\(text)")
    }
}
