import Addressing
import Packets
import TestSupport
import Testing

@testable import Conversations

/// TLS 1.3 hides what its records are; which version it is only the Server Hello said. Tried with tshark 4.0.17 on the
/// same bytes.
@Suite struct HiddenTLSTypesTests {
    private let client = Endpoint(.v4(.loopback), 40_000)
    private let server = Endpoint(.v4(.loopback), 443)

    private func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [type, 3, 3, 0, UInt8(content.count)] + content
    }

    private func serverHello(extensions: [UInt8]) -> [UInt8] {
        let body =
            [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0x13, 1, 0, 0, UInt8(extensions.count)] + extensions
        return record(22, [2, 0, 0, UInt8(body.count)] + body)
    }

    /// The two fields' values in each packet.
    private func types(_ packets: [[UInt8]]) throws -> [[[FieldValue]]] {
        let fields = try ["tls.record.content_type", "tls.record.opaque_type"].map { try #require(NamedField($0)) }
        return TestTraffic(packets).values(of: fields)
    }

    private func exchange(extensions: [UInt8]) -> [[UInt8]] {
        let answer = serverHello(extensions: extensions) + record(20, [1]) + record(23, [1, 2, 3])
        return [
            TestPacket.tcp(client, server, [.psh, .ack], seq: 1, ack: 1, payload: record(23, [9])),
            TestPacket.tcp(server, client, [.psh, .ack], seq: 1, ack: 7, payload: answer),
            TestPacket.tcp(
                client, server, [.psh, .ack], seq: 7, ack: 200, payload: record(23, [4, 5]) + record(21, [1, 0])),
        ]
    }

    @Test func afterVersion13ApplicationDataIsOpaque() throws {
        let found = try types(exchange(extensions: [0, 43, 0, 2, 3, 4]))
        #expect(found[0] == [[.unsigned(23)], []])
        #expect(found[1] == [[.unsigned(22), .unsigned(20)], [.unsigned(23)]])
        #expect(found[2] == [[.unsigned(21)], [.unsigned(23)]])
    }

    @Test func beforeVersion13ItIsNot() throws {
        let found = try types(exchange(extensions: []))
        #expect(found[1] == [[.unsigned(22), .unsigned(20), .unsigned(23)], []])
        #expect(found[2] == [[.unsigned(23), .unsigned(21)], []])
    }
}
