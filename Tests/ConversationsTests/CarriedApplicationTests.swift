import Addressing
import Packets
import TestSupport
import Testing
import Text

@testable import Conversations

/// What a segment carries, when its connection is known. Each exchange was shown to tshark 4.0.17 without
/// desegmentation, and `frame.protocols` is what it said.
@Suite struct CarriedApplicationTests {
    private let client = Endpoint(.v4(.loopback), 40_000)

    /// The protocols of each segment that a connection's ends send in turn.
    private func protocols(port: UInt16, _ payloads: [(isServers: Bool, [UInt8])]) throws -> [String] {
        let server = Endpoint(.v4(.loopback), Port(port))
        #expect(NamedField("frame.protocols")?.needs == [.applications, .messages])
        var traffic = TestTraffic()
        var numbers: [UInt32] = [1, 1]
        for (isServers, payload) in payloads {
            traffic.add(at: nil, segment(to: server, isServers: isServers, payload, &numbers))
        }
        return protocolNames(traffic)
    }

    /// The next segment of one end, of which the other end has acknowledged all before.
    /// - Parameter numbers: the next sequence numbers of the client and the server.
    private func segment(
        to server: Endpoint, isServers: Bool, _ payload: [UInt8], _ numbers: inout [UInt32]
    ) -> [UInt8] {
        let (mine, other) = isServers ? (1, 0) : (0, 1)
        defer { numbers[mine] += UInt32(payload.count) }
        return TestPacket.tcp(
            isServers ? server : client, isServers ? client : server, [.psh, .ack], seq: numbers[mine],
            ack: numbers[other], payload: payload)
    }

    private func protocolNames(_ traffic: TestTraffic) -> [String] {
        var found: [String] = []
        traffic.read(needs: .applications) { bytes, dissection, _ in
            var names = ByteCollector()
            FieldText.write(.layerNames, as: .text, of: bytes, dissection, .none, to: &names)
            found.append(String(String(decoding: names.bytes, as: UTF8.self).dropFirst("eth:ethertype:ip:".count)))
        }
        return found
    }

    private func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)
    private func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [type, 3, 3, 0, UInt8(content.count)] + content
    }

    @Test func httpStaysAtAnyPort() throws {
        let found = try protocols(
            port: 9999,
            [
                (false, text("junk")), (false, request), (true, text("HTTP/1.1 200 OK\r\n\r\n")),
                (true, text("and so on")), (false, record(22, [1, 2, 3])),
            ])
        #expect(found == ["tcp:data", "tcp:http", "tcp:http", "tcp:http:data", "tcp:http:data"])
    }

    /// What continues a message of which no beginning was seen means nothing, and neither does what follows an answer
    /// alone.
    @Test func continuationsNeedARequest() throws {
        let found = try protocols(
            port: 80,
            [
                (true, text("and so on")), (true, text("HTTP/1.1 200 OK\r\n\r\n")), (true, text("and so on")),
                (false, request), (true, text("and so on")),
            ])
        #expect(found == ["tcp", "tcp:http", "tcp", "tcp:http", "tcp:http:data"])
    }

    @Test func tlsStaysWhereItIsNoPlainText() throws {
        let hello = record(22, [1, 0, 0, 0])
        let mixed: [(Bool, [UInt8])] = [
            (false, hello), (true, text("zz")), (true, text("zzzzz")), (true, [0x17, 9, 9, 0, 9, 97, 97]),
            (true, record(21, [1, 0])), (false, request), (true, hello),
        ]
        let expected = ["tcp:tls", "tcp:tls", "tcp:data", "tcp:tls", "tcp:tls", "tcp:http", "tcp:http:data"]
        #expect(try protocols(port: 8443, mixed) == expected)
        #expect(try protocols(port: 443, mixed) == expected)
        #expect(try protocols(port: 443, [(false, text("zz")), (false, text("zzzzz"))]) == ["tcp:tls", "tcp:data"])
        #expect(
            try protocols(port: 8443, [(false, text("zz")), (false, record(21, [1, 0]))]) == ["tcp:data", "tcp:data"])
    }

    @Test func whatIsSentAgainCarriesNothing() throws {
        let server = Endpoint(.v4(.loopback), 80)
        let once = TestPacket.tcp(client, server, [.psh, .ack], seq: 100, ack: 1, payload: request)
        let packets = [
            once, once, TestPacket.tcp(client, server, .ack, seq: 99 + UInt32(request.count), ack: 1, payload: [0]),
            TestPacket.tcp(server, client, .ack, seq: 1, ack: 100 + UInt32(request.count)), once,
        ]
        let found = protocolNames(TestTraffic(packets))
        // The last one was acknowledged before: tshark reads such a segment again.
        #expect(found == ["tcp:http", "tcp", "tcp:data", "tcp", "tcp:http"])
    }

    /// Several requests at once: the answer that comes first belongs to the last of them.
    @Test func answersBelongToTheLastRequest() throws {
        let answer = text("HTTP/1.1 200 OK\r\n\r\n")
        let server = Endpoint(.v4(.loopback), 80)
        let fields = try ["http.request_in", "http.time"].map { try #require(NamedField($0)) }
        var traffic = TestTraffic()
        var numbers: [UInt32] = [1, 1]
        for (index, isServers) in [true, false, true, false, false, true, true].enumerated() {
            let bytes = segment(to: server, isServers: isServers, isServers ? answer : request, &numbers)
            traffic.add(at: TestClock.at(Int64(index) * 1_000), bytes)
        }
        let found = traffic.values(of: fields, needs: .applications).map { $0.flatMap { $0 } }
        func answers(_ packet: UInt64, _ milliseconds: Int64) -> [FieldValue] {
            [.unsigned(packet), .duration(nanoseconds: milliseconds * 1_000_000)]
        }
        #expect(found == [[], [], answers(2, 1), [], [], answers(5, 1), []])
    }
}
