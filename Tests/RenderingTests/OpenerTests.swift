import Addressing
import Analysis
import Conversations
import Diagnosis
import Packets
import TestSupport
import Testing

/// Who opened is one rule for TCP and UDP, and every command calls the same end the client.
@Suite struct OpenerTests {
    private static let low = IPAddress.v4(IPv4Address(rawValue: 0x0a00_0001))
    private static let high = IPAddress.v4(IPv4Address(rawValue: 0x0a00_0002))

    struct First: Sendable, CustomTestStringConvertible {
        let name: String
        let source: Endpoint
        let destination: Endpoint
        let payload: [UInt8]
        let isFromClient: Bool
        var testDescription: String { name }

        init(
            _ name: String, _ source: Port, _ destination: Port, _ payload: [UInt8], isFromClient: Bool,
            to address: IPAddress = OpenerTests.high
        ) {
            self.name = name
            self.source = Endpoint(OpenerTests.low, source)
            self.destination = Endpoint(address, destination)
            self.payload = payload
            self.isFromClient = isFromClient
        }
    }

    /// A DNS message without records: query or answer.
    private static func dns(isAnswer: Bool) -> [UInt8] { [0, 7, isAnswer ? 0x80 : 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }
    private static func ntp(mode: UInt8) -> [UInt8] { [0x20 | mode] + [UInt8](repeating: 0, count: 47) }
    private static let multicast = IPAddress.v4(IPv4Address(rawValue: 0xe000_00fb))

    static let firsts: [First] = [
        First("an answer of DNS", 53, 40000, dns(isAnswer: true), isFromClient: false),
        First("a question of DNS", 40000, 53, dns(isAnswer: false), isFromClient: true),
        // What the message says counts more than ports.
        First("a question from port 53", 53, 53, dns(isAnswer: false), isFromClient: true),
        First("an answer between equal ports", 53, 53, dns(isAnswer: true), isFromClient: false),
        First("an announcement to a group", 5353, 5353, dns(isAnswer: true), isFromClient: true, to: multicast),
        First("NTP's client", 123, 123, ntp(mode: 3), isFromClient: true),
        First("NTP's server", 123, 123, ntp(mode: 4), isFromClient: false),
        First("from a service", 7, 40000, [1], isFromClient: false),
        First("from a registered port", 5000, 40000, [1], isFromClient: false),
        First("to a service", 40000, 7, [1], isFromClient: true),
        First("between clients' ports", 50000, 40000, [1], isFromClient: true),
        First("a trace from a low port", 20000, 33440, [1], isFromClient: true),
    ]

    private static let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    private static let response = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)
    /// A TLS record with the beginning of a handshake message: 1 is a ClientHello, 2 a ServerHello.
    private static func hello(_ type: UInt8) -> [UInt8] {
        [22, 3, 1, 0, 38, type, 0, 0, 34, 3, 3] + [UInt8](repeating: 7, count: 32)
    }

    /// Segments in the middle of a connection.
    static let segments: [First] = [
        First("a request of HTTP from a low port", 5000, 40000, request, isFromClient: true),
        First("an answer of HTTP between clients' ports", 50000, 40000, response, isFromClient: false),
        First("a ClientHello from a low port", 5000, 40000, hello(1), isFromClient: true),
        First("a ServerHello between clients' ports", 50000, 40000, hello(2), isFromClient: false),
        First("an encrypted handshake message", 5000, 40000, [22, 3, 3, 0, 5, 1, 9, 9, 9, 9], isFromClient: false),
        First("a body", 8080, 40000, Array("and so on".utf8), isFromClient: false),
    ]

    @Test(arguments: segments)
    func aSegmentInTheMiddleSaysWhoAsks(_ first: First) throws {
        let bytes = TestPacket.tcp(
            first.source, first.destination, [.psh, .ack], seq: 100, ack: 200, payload: first.payload)
        try expectClient(of: bytes, first.isFromClient ? first.source : first.destination)
    }

    /// A server's answer to everybody, as DHCP's to who has no address yet, makes nobody at 255.255.255.255 a client.
    @Test func allHostsAreNoClient() throws {
        let all = Endpoint(.v4(IPv4Address(rawValue: 0xffff_ffff)), 68)
        let server = Endpoint(Self.low, 67)
        let offer = [2, 1, 6, 0] + [UInt8](repeating: 0, count: 240)
        let bytes = TestPacket.udp(server, all, payload: offer)
        try expectClient(of: bytes, server)
        #expect(Transport.udp.endNames(to: all) == ("sender", "all hosts"))
        #expect(Transport.udp.endNames(to: server) == ("client", "server"))
    }

    /// What is spoken names the service where the port is registered for none.
    @Test func theContentNamesTheService() throws {
        // An answer with one question, A of a.
        let message: [UInt8] = [0, 7, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]
        let answer = TestPacket.udp(Endpoint(Self.low, 5400), Endpoint(Self.high, 40000), payload: message)
        let request = TestPacket.tcp(
            Endpoint(Self.high, 40000), Endpoint(Self.low, 8000), [.psh, .ack], seq: 1, ack: 1, payload: Self.request)
        for (bytes, kind) in [(answer, LayerKind.dns), (request, .http)] {
            var counter = FlowCounter(seed: 1)
            counter.take(TestPacket.header(bytes, number: 1, time: TestClock.at(0)), bytes.rawSpan)
            #expect(counter.flows[0].record.application == kind)
        }
    }

    @Test(arguments: firsts)
    func everybodyNamesTheSameClient(_ first: First) throws {
        let client = first.isFromClient ? first.source : first.destination
        try expectClient(of: TestPacket.udp(first.source, first.destination, payload: first.payload), client)
    }

    /// `flows`, `explain` and `ladder` call the same end the client.
    private func expectClient(of bytes: [UInt8], _ client: Endpoint) throws {
        var counter = FlowCounter(seed: 1)
        counter.take(TestPacket.header(bytes, number: 1, time: TestClock.at(0)), bytes.rawSpan)
        let flow = counter.flows[0]
        #expect((flow.record.originatorDirection == .lowerToUpper ? flow.key.lower : flow.key.upper) == client)

        var traffic = TestTraffic()
        traffic.add(at: TestClock.at(0), bytes)
        var book = StoryBook()
        var collector = ConversationCollector()
        traffic.read {
            book.take($0, $1, $2)
            collector.take($0, $1, $2)
        }
        #expect(book.stories.first?.client == client)
        #expect(collector.conversations.first?.client == client)
    }

    /// Both ends opened at once: the handshake is over with the second SYN-ACK, in `flows` as in `handshakes`.
    @Test func aSimultaneousOpenHasOneRoundTrip() throws {
        let (a, b) = (Endpoint(Self.low, 5000), Endpoint(Self.high, 6000))
        let segments: [(Int64, [UInt8])] = [
            (0, TestPacket.tcp(a, b, .syn, seq: 100)), (100, TestPacket.tcp(b, a, .syn, seq: 500)),
            (1100, TestPacket.tcp(a, b, [.syn, .ack], seq: 100, ack: 501)),
            (1200, TestPacket.tcp(b, a, [.syn, .ack], seq: 500, ack: 101)),
            (2200, TestPacket.tcp(a, b, [.psh, .ack], seq: 101, ack: 501, payload: [1])),
        ]
        var counter = FlowCounter(seed: 1)
        var traffic = TestTraffic()
        for (index, (time, bytes)) in segments.enumerated() {
            counter.take(TestPacket.header(bytes, number: index + 1, time: TestClock.at(time)), bytes.rawSpan)
            traffic.add(at: TestClock.at(time), bytes)
        }
        #expect(counter.flows[0].record.handshake == 1_200_000)
        var queue = ConnectionQueue()
        traffic.read { queue.take($0, $1, $2) }
        #expect(try #require(queue.finish().first).connection.connection?.handshake.roundTrip == 1_200_000)
    }
}
