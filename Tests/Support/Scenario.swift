import Addressing
import Conversations
import Packets
import Sockets

/// A small capture made by hand: packets with their times, and the socket calls that go with them.
public struct Scenario: Sendable, CustomStringConvertible {
    public let name: String
    private var traffic = TestTraffic()
    public private(set) var calls: [SocketCall] = []

    public init(_ name: String) { self.name = name }

    public var description: String { name }

    // MARK: Packets

    /// Adds a packet; `kept` bytes of it were captured.
    public mutating func add(_ microseconds: Int64, _ bytes: [UInt8], kept: Int = .max) {
        traffic.add(at: TestClock.at(microseconds), bytes, kept: kept)
    }

    public mutating func tcp(
        _ microseconds: Int64, _ source: Endpoint, _ destination: Endpoint, _ flags: TCPFlags, _ seq: UInt32,
        _ ack: UInt32 = 0,
        length: Int = 0, window: UInt16 = 512, options: [TCPOptions.Option] = [], kept: Int = .max
    ) {
        let payload = (0..<length).map { UInt8(truncatingIfNeeded: 97 + $0 % 26) }
        add(
            microseconds,
            TestPacket.tcp(
                source, destination, flags, seq: seq, ack: ack, payload: payload, window: window, options: options),
            kept: kept)
    }

    /// SYN, SYN-ACK and ACK from ISN 100 and 300, 10 µs apart.
    public mutating func open(_ microseconds: Int64, _ client: Endpoint, _ server: Endpoint) {
        tcp(microseconds, client, server, .syn, 100, window: 65_495, options: EchoExchange.offer)
        tcp(microseconds + 10, server, client, [.syn, .ack], 300, 101, window: 65_483, options: EchoExchange.offer)
        tcp(microseconds + 20, client, server, .ack, 101, 301)
    }

    /// What the records say, dissected and analysed as a command does it.
    public var conversations: [Conversation] { collected.conversations }

    public var packets: [ObservedPacket] { conversations.flatMap(\.packets).sorted { $0.number < $1.number } }

    private var collected: ConversationCollector {
        var collector = ConversationCollector()
        traffic.read { collector.take($0, $1, $2) }
        return collector
    }

    // MARK: Calls

    public mutating func call(
        _ end: SocketCall.End, _ name: SocketCall.Name, _ descriptor: Int32?, _ arguments: [CallArgument] = [],
        _ start: Int64, _ finish: Int64?,
        _ result: SocketCall.Result, local: Endpoint? = nil, peer: Endpoint? = nil,
        transport: SocketProtocol = .tcp
    ) {
        calls.append(
            SocketCall(
                id: calls.count + 1, end: end, name: name, descriptor: descriptor, arguments: arguments,
                start: TestClock.at(start),
                finish: finish.map { TestClock.at($0) }, result: result, local: local, peer: peer, transport: transport)
        )
    }

    /// socket, bind, listen of a server with descriptor 3, from a moment on.
    public mutating func listen(_ start: Int64, at server: Endpoint) {
        call(.server, .socket, nil, ["AF_INET", "SOCK_STREAM"], start, start + 2, .value(3))
        call(.server, .bind, 3, ["\(server)"], start + 3, start + 5, .value(0), local: server)
        call(.server, .listen, 3, ["1"], start + 6, start + 8, .value(0), local: server)
    }
}

extension Scenario {
    public static let client = EchoExchange.client
    public static let server = EchoExchange.server
    private static let refusedError = SocketCall.Result.failed(number: 111, name: "ECONNREFUSED")

    /// Every scenario that the goldens draw.
    public static var all: [Scenario] {
        [
            refused, refusedByReset, unanswered, repeatedSYN, udpEcho, udpRefused, halfClose, lateAccept,
            retransmission, reset, twoConnections,
            selfConnect, truncated, ipv6, closedAtOnce, openedAtOnce, wrongAcknowledgment, missingACK, zeroWindow,
        ]
    }

    /// Nobody listens; the failed connect does not know its own address.
    public static var refused: Scenario {
        var s = Scenario("refused")
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], 0, 2, .value(4))
        s.call(.client, .connect, 4, ["\(server)"], 5, 60, refusedError, peer: server)
        s.tcp(10, client, server, .syn, 100, window: 65_495, options: EchoExchange.offer)
        s.tcp(20, server, client, [.rst, .ack], 0, 101, window: 0)
        s.call(.client, .close, 4, [], 70, 75, .value(0))
        return s
    }

    /// A reset that acknowledges something else is not believed.
    public static var refusedByReset: Scenario {
        var s = Scenario("reset-not-believed")
        s.tcp(0, client, server, .syn, 100)
        s.tcp(20, server, client, [.rst, .ack], 0, 77, window: 0)
        return s
    }

    public static var unanswered: Scenario {
        var s = Scenario("unanswered")
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], 0, 2, .value(4))
        s.call(.client, .connect, 4, ["\(server)"], 5, 7_000_060, .failed(number: 110, name: "ETIMEDOUT"), peer: server)
        for time in [10, 1_000_010, 3_000_010] as [Int64] {
            s.tcp(time, client, server, .syn, 100, window: 65_495, options: EchoExchange.offer)
        }
        return s
    }

    /// The first SYN found nobody listening in time: the second is answered.
    public static var repeatedSYN: Scenario {
        var s = Scenario("repeated-syn")
        s.tcp(0, client, server, .syn, 100, window: 65_495)
        s.tcp(1_000_000, client, server, .syn, 100, window: 65_495)
        s.tcp(1_000_030, server, client, [.syn, .ack], 300, 101)
        s.tcp(1_000_060, client, server, .ack, 101, 301)
        return s
    }

    public static var udpEcho: Scenario {
        var s = Scenario("udp")
        s.call(.server, .socket, nil, ["AF_INET", "SOCK_DGRAM"], 0, 2, .value(3), transport: .udp)
        s.call(.server, .bind, 3, ["\(server)"], 3, 5, .value(0), local: server, transport: .udp)
        s.call(
            .server, .recvfrom, 3, ["1024"], 6, 40, .received(5, from: client), local: server, peer: client,
            transport: .udp)
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_DGRAM"], 10, 12, .value(4), transport: .udp)
        s.call(
            .client, .sendto, 4, ["5 bytes", "\(server)"], 15, 30, .value(5), local: client, peer: server,
            transport: .udp)
        s.add(20, TestPacket.udp(client, server, payload: Array("hello".utf8)))
        s.call(
            .server, .sendto, 3, ["5 bytes", "\(client)"], 45, 60, .value(5), local: server, peer: client,
            transport: .udp)
        s.add(50, TestPacket.udp(server, client, payload: Array("hello".utf8)))
        s.call(
            .client, .recvfrom, 4, ["1024"], 31, 70, .received(5, from: server), local: client, peer: server,
            transport: .udp)
        return s
    }

    /// The host says by ICMP that nobody uses the port; a connected socket is told at its next call.
    public static var udpRefused: Scenario {
        var s = Scenario("udp-refused")
        let datagram = TestPacket.udp(client, server, payload: Array("hello".utf8))
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_DGRAM"], 0, 2, .value(4), transport: .udp)
        s.call(.client, .connect, 4, ["\(server)"], 3, 5, .value(0), local: client, peer: server, transport: .udp)
        s.call(.client, .send, 4, ["5 bytes"], 10, 40, .value(5), local: client, peer: server, transport: .udp)
        s.add(20, datagram)
        s.add(25, TestPacket.unreachable(code: 3, from: .loopback, to: .loopback, about: datagram))
        s.call(.client, .recv, 4, ["1024"], 45, 47, refusedError, local: client, peer: server, transport: .udp)
        return s
    }

    /// The client sends all it has, says so with shutdown, and still receives.
    public static var halfClose: Scenario {
        var s = Scenario("half-close")
        s.open(10, client, server)
        s.call(.client, .shutdown, 4, ["SHUT_WR"], 40, 60, .value(0), local: client, peer: server)
        s.tcp(50, client, server, [.fin, .ack], 101, 301)
        s.tcp(55, server, client, .ack, 301, 102)
        s.call(.server, .send, 5, ["10 bytes"], 70, 90, .value(10), local: server, peer: client)
        s.tcp(80, server, client, [.psh, .ack], 301, 102, length: 10)
        s.tcp(85, client, server, .ack, 102, 311)
        s.call(.server, .close, 5, [], 100, 120, .value(0), local: server, peer: client)
        s.tcp(110, server, client, [.fin, .ack], 311, 102)
        s.tcp(115, client, server, .ack, 102, 312)
        s.call(.client, .close, 4, [], 130, 140, .value(0), local: client, peer: server)
        return s
    }

    /// The kernel completes the handshake and takes data long before accept() is called.
    public static var lateAccept: Scenario {
        var s = Scenario("late-accept")
        s.listen(0, at: server)
        s.call(.client, .connect, 4, ["\(server)"], 15, 50, .value(0), local: client, peer: server)
        s.open(20, client, server)
        s.call(.client, .send, 4, ["5 bytes"], 55, 70, .value(5), local: client, peer: server)
        s.tcp(60, client, server, [.psh, .ack], 101, 301, length: 5)
        s.tcp(65, server, client, .ack, 301, 106)
        s.call(.server, .accept, 3, [], 2_400_000, 2_400_004, .accepted(5, client), local: server)
        s.call(.server, .recv, 5, ["1024"], 2_400_010, 2_400_013, .received(5, from: nil), local: server, peer: client)
        return s
    }

    /// A segment is lost; three duplicate ACKs bring it back.
    public static var retransmission: Scenario {
        var s = Scenario("retransmission")
        s.open(0, client, server)
        s.call(.client, .send, 4, ["50 bytes"], 90, 160, .value(50), local: client, peer: server)
        s.tcp(100, client, server, [.ack], 101, 301, length: 10)
        s.tcp(110, client, server, [.ack], 121, 301, length: 10)
        s.tcp(115, server, client, .ack, 301, 111)
        for step in 0..<3 {
            s.tcp(
                120 + Int64(step) * 20, client, server, [.ack], 131 + UInt32(step) * 10, 301, length: step < 2 ? 10 : 5)
            s.tcp(125 + Int64(step) * 20, server, client, .ack, 301, 111)
        }
        s.tcp(200, client, server, [.ack], 111, 301, length: 10)
        s.tcp(210, server, client, .ack, 301, 156)
        s.tcp(900_000, client, server, [.ack], 146, 301, length: 10)
        return s
    }

    public static var reset: Scenario {
        var s = Scenario("reset")
        s.open(0, client, server)
        s.tcp(50, client, server, [.psh, .ack], 101, 301, length: 5)
        s.call(
            .client, .recv, 4, ["1024"], 55, 90, .failed(number: 104, name: "ECONNRESET"), local: client, peer: server)
        s.call(.server, .close, 5, [], 60, 80, .value(0), local: server, peer: client)
        s.tcp(70, server, client, [.rst, .ack], 301, 106, window: 0)
        return s
    }

    /// Two clients at one server, one after the other, and a third that is refused once it has gone.
    public static var twoConnections: Scenario {
        var s = Scenario("two-connections")
        let second = Endpoint(client.address, 43_211)
        let third = Endpoint(client.address, 43_212)
        s.listen(0, at: server)
        for (index, peer) in [client, second].enumerated() {
            let base = Int64(100 + index * 1000)
            let descriptor = Int32(5 + index)
            s.call(.server, .accept, 3, [], base, base + 70, .accepted(descriptor, peer), local: server)
            s.call(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], base + 5, base + 7, .value(10 + index))
            s.call(
                .client, .connect, 10 + Int32(index), ["\(server)"], base + 10, base + 50, .value(0), local: peer,
                peer: server)
            s.open(base + 20, peer, server)
            s.call(.client, .close, 10 + Int32(index), [], base + 100, base + 120, .value(0), local: peer, peer: server)
            s.tcp(base + 110, peer, server, [.fin, .ack], 101, 301)
            s.call(.server, .close, descriptor, [], base + 130, base + 150, .value(0), local: server, peer: peer)
            s.tcp(base + 140, server, peer, [.fin, .ack], 301, 102)
            s.tcp(base + 145, peer, server, .ack, 102, 302)
        }
        s.call(.server, .close, 3, [], 2000, 2005, .value(0), local: server)
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], 2995, 2999, .value(20))
        s.call(.client, .connect, 20, ["\(server)"], 3000, 3050, refusedError, peer: server)
        s.tcp(3010, third, server, .syn, 100)
        s.tcp(3020, server, third, [.rst, .ack], 0, 101, window: 0)
        return s
    }

    /// connect() from the port that it connects to: Linux opens the connection with itself.
    public static var selfConnect: Scenario {
        var s = Scenario("self-connect")
        s.call(.client, .socket, nil, ["AF_INET", "SOCK_STREAM"], 0, 2, .value(4))
        s.call(.client, .connect, 4, ["\(server)"], 5, 50, .value(0), local: server, peer: server)
        s.tcp(10, server, server, .syn, 100)
        s.tcp(20, server, server, [.syn, .ack], 100, 101)
        s.call(.client, .send, 4, ["5 bytes"], 60, 80, .value(5), local: server, peer: server)
        s.tcp(70, server, server, [.psh, .ack], 101, 101, length: 5)
        s.tcp(75, server, server, .ack, 106, 106)
        s.call(.client, .recv, 4, ["1024"], 85, 87, .received(5, from: nil), local: server, peer: server)
        s.call(.client, .close, 4, [], 90, 99, .value(0), local: server, peer: server)
        s.tcp(95, server, server, [.fin, .ack], 106, 106)
        s.tcp(97, server, server, .ack, 107, 107)
        return s
    }

    /// A snaplen of 60 bytes cuts the options of the SYNs and the data off.
    public static var truncated: Scenario {
        var s = Scenario("truncated")
        s.tcp(0, client, server, .syn, 100, options: EchoExchange.offer, kept: 60)
        s.tcp(10, server, client, [.syn, .ack], 300, 101, options: EchoExchange.offer, kept: 60)
        s.tcp(20, client, server, .ack, 101, 301, kept: 60)
        s.tcp(30, client, server, [.psh, .ack], 101, 301, length: 1000, kept: 60)
        s.tcp(35, server, client, .ack, 301, 1101, kept: 60)
        return s
    }

    public static var ipv6: Scenario {
        var s = Scenario("ipv6")
        let a = Endpoint(.v6(.loopback), 43_210)
        let b = Endpoint(.v6(.loopback), 65_432)
        s.open(0, a, b)
        s.tcp(40, a, b, [.psh, .ack], 101, 301, length: 5)
        s.tcp(45, b, a, .ack, 301, 106)
        return s
    }

    public static var closedAtOnce: Scenario {
        var s = Scenario("closed-at-once")
        s.open(0, client, server)
        s.tcp(50, client, server, [.fin, .ack], 101, 301)
        s.tcp(51, server, client, [.fin, .ack], 301, 101)
        s.tcp(60, client, server, .ack, 102, 302)
        s.tcp(61, server, client, .ack, 302, 102)
        return s
    }

    public static var openedAtOnce: Scenario {
        var s = Scenario("opened-at-once")
        s.tcp(0, client, server, .syn, 100)
        s.tcp(1, server, client, .syn, 300)
        s.tcp(10, server, client, [.syn, .ack], 300, 101)
        s.tcp(11, client, server, [.syn, .ack], 100, 301)
        return s
    }

    /// The SYN-ACK acknowledges something else (an old connection): the client resets it.
    public static var wrongAcknowledgment: Scenario {
        var s = Scenario("wrong-acknowledgment")
        s.tcp(0, client, server, .syn, 100)
        s.tcp(10, server, client, [.syn, .ack], 300, 92)
        s.tcp(20, client, server, .rst, 92)
        return s
    }

    /// The third segment was not captured; what comes next is further on.
    public static var missingACK: Scenario {
        var s = Scenario("missing-ack")
        s.tcp(0, client, server, .syn, 100)
        s.tcp(10, server, client, [.syn, .ack], 300, 101)
        s.tcp(50, client, server, [.psh, .ack], 111, 301, length: 5)
        return s
    }

    /// The receiver closes its window; the sender probes, and the window opens again.
    public static var zeroWindow: Scenario {
        var s = Scenario("zero-window")
        s.open(0, client, server)
        s.tcp(100, client, server, [.ack], 101, 301, length: 10)
        s.tcp(110, server, client, .ack, 301, 111, window: 0)
        s.tcp(200_110, client, server, .ack, 111, 301, length: 1)
        s.tcp(200_120, server, client, .ack, 301, 111, window: 0)
        s.tcp(300_000, server, client, .ack, 301, 111, window: 512)
        return s
    }
}
