import Addressing
import Conversations
import Packets
import Sockets
import TestSupport
import Testing
import Timeline

@testable import Diagnosis

/// Failed calls with the packets that a Linux machine really exchanges in these cases.
@Suite struct CallFailureTests {
    static let client = Endpoint(.v4(.loopback), 40000)
    static let server = Endpoint(.v4(.loopback), 9)

    private static func call(
        _ id: Int, _ end: SocketCall.End, _ name: SocketCall.Name, _ descriptor: Int32? = 3,
        _ arguments: [CallArgument] = [],
        at start: Int64,
        until finish: Int64? = nil, _ result: SocketCall.Result, local: Endpoint? = nil, peer: Endpoint? = nil,
        _ transport: SocketProtocol = .tcp
    ) -> SocketCall {
        SocketCall(
            id: id, end: end, name: name, descriptor: descriptor, arguments: arguments, start: TestClock.at(start),
            finish: TestClock.at(finish ?? start + 5), result: result, local: local, peer: peer, transport: transport)
    }

    private static func failed(_ name: String) -> SocketCall.Result { .failed(number: -1, name: name) }

    private static func packets(_ raw: [(Int64, [UInt8])]) -> [ObservedPacket] {
        raw.enumerated().compactMap { TestPacket.observed($1.1, number: $0 + 1, microseconds: $1.0) }
    }

    private func causes(_ calls: [SocketCall], _ packets: [ObservedPacket] = [], _ errors: [ICMPRefusal] = [])
        -> [CallFailure.Cause]
    {
        CallFailure.all(of: calls, packets: packets, icmpErrors: errors).map(\.cause)
    }

    @Test func refusedIsTheRSTThatAnsweredTheSYN() {
        let packets = Self.packets([
            (20, TestPacket.tcp(Self.client, Self.server, .syn, seq: 7)),
            (30, TestPacket.tcp(Self.server, Self.client, [.rst, .ack], seq: 0, ack: 8)),
        ])
        let calls = [
            Self.call(1, .client, .socket, nil, at: 0, .value(3)),
            Self.call(2, .client, .connect, at: 10, until: 40, Self.failed("ECONNREFUSED"), peer: Self.server),
        ]
        #expect(causes(calls, packets) == [.refused(reset: 2, syn: 1)])
        // Who sends all the same is told once more, and no packet has to do with it.
        let send = Self.call(3, .client, .send, at: 60, Self.failed("EPIPE"), peer: Self.server)
        #expect(causes(calls + [send], packets) == [.refused(reset: 2, syn: 1), .local(.notConnected)])
        #expect(causes(calls) == [.unexplained])
    }

    /// Of a connect() that does not wait no call shows the address that the system chose: only its SYN does.
    @Test func refusedLaterIsToldBySOERROR() {
        let packets = Self.packets([
            (20, TestPacket.tcp(Self.client, Self.server, .syn, seq: 7)),
            (30, TestPacket.tcp(Self.server, Self.client, [.rst, .ack], seq: 0, ack: 8)),
        ])
        let calls = [
            Self.call(1, .client, .socket, nil, at: 0, .value(3)),
            Self.call(2, .client, .connect, at: 10, until: 40, Self.failed("EINPROGRESS"), peer: Self.server),
            Self.call(
                3, .client, .getsockopt, 3, ["SOL_SOCKET", "SO_ERROR", "ECONNREFUSED"], at: 50, until: 51, .value(0),
                peer: Self.server),
        ]
        #expect(causes(calls, packets) == [.stillConnecting(syn: 1), .refused(reset: 2, syn: 1)])
    }

    @Test func aListenerCannotConnect() {
        let calls = [
            Self.call(1, .client, .listen, at: 0, .value(0), local: Self.client),
            Self.call(2, .client, .connect, at: 10, Self.failed("EISCONN"), local: Self.client, peer: Self.server),
        ]
        #expect(causes(calls) == [.local(.listening)])
        #expect(causes([calls[1]]) == [.local(.alreadyConnected)])
    }

    @Test func aRawSocketNeedsARight() {
        #expect(
            causes([Self.call(1, .client, .socket, nil, ["AF_INET", "SOCK_RAW"], at: 0, Self.failed("EPERM"), "none")])
                == [.local(.privilegedSocket)])
    }

    @Test func silenceIsCounted() {
        let syn = TestPacket.tcp(Self.client, Self.server, .syn, seq: 7)
        let packets = Self.packets([(20, syn), (1_000_020, syn), (3_000_020, syn)])
        let calls = [
            Self.call(1, .client, .connect, at: 10, until: 7_000_000, Self.failed("ETIMEDOUT"), peer: Self.server)
        ]
        #expect(causes(calls, packets) == [.unanswered([1, 2, 3])])
    }

    /// An unconnected socket is not told, and waits in vain.
    @Test func anErrorThatTheSocketIsNotTold() throws {
        let sent = TestPacket.udp(Self.client, Self.server, payload: [1])
        let error = try #require(TestPacket.icmpError(about: sent, type: 3, code: 3, number: 2, microseconds: 25))
        let calls = [
            Self.call(1, .client, .sendto, at: 10, .value(1), local: Self.client, peer: Self.server, .udp),
            Self.call(
                2, .client, .recvfrom, at: 50, until: 2_000_050, Self.failed("EAGAIN"), local: Self.client,
                peer: Self.server, .udp),
        ]
        #expect(causes(calls, Self.packets([(20, sent)]), [error]) == [.notTold(icmp: 2, request: 1)])
    }

    /// shutdown() sends a FIN: who acknowledges data after it had not closed, and resets for another reason.
    @Test func aHalfCloseIsNoClose() {
        let (client, server) = (Self.client, Self.server)
        let packets = Self.packets([
            (10, TestPacket.tcp(client, server, .syn, seq: 7)),
            (11, TestPacket.tcp(server, client, [.syn, .ack], seq: 99, ack: 8)),
            (12, TestPacket.tcp(client, server, .ack, seq: 8, ack: 100)),
            (20, TestPacket.tcp(client, server, [.fin, .ack], seq: 8, ack: 100)),
            (30, TestPacket.tcp(server, client, .ack, seq: 100, ack: 9, payload: [1, 2, 3])),
            (31, TestPacket.tcp(client, server, .ack, seq: 9, ack: 103)),
            (40, TestPacket.tcp(client, server, [.rst, .ack], seq: 9, ack: 103)),
        ])
        let send = Self.call(1, .server, .send, at: 50, Self.failed("EPIPE"), local: server, peer: client)
        #expect(causes([send], packets) == [.reset(.init(packet: 7, reason: .unknown))])
    }

    /// The second call fails: the error answers the first one's datagram, and each error is reported once.
    @Test func theSecondDatagramReportsTheFirst() throws {
        let sent = TestPacket.udp(Self.client, Self.server, payload: [1])
        let packets = Self.packets([(20, sent)])
        let error = try #require(TestPacket.icmpError(about: sent, type: 3, code: 3, number: 2, microseconds: 25))
        let calls = [
            Self.call(1, .client, .send, at: 10, .value(1), local: Self.client, peer: Self.server, .udp),
            Self.call(
                2, .client, .send, at: 40, Self.failed("ECONNREFUSED"), local: Self.client, peer: Self.server, .udp),
            Self.call(
                3, .client, .recv, at: 50, until: 2_000_050, Self.failed("EAGAIN"), local: Self.client,
                peer: Self.server, .udp),
        ]
        #expect(
            causes(calls, packets, [error]) == [
                .icmp(error, answered: 1), .nothingCame(nanoseconds: 2_000_000_000, request: 1),
            ])
    }

    /// poll() that found nothing is no failure of its own, but what a program with a timeout waits with.
    @Test func waitsInVain() {
        let packets = Self.packets([(10, TestPacket.udp(Self.client, Self.server, payload: [1, 2]))])
        let send = Self.call(
            1, .client, .sendto, 3, ["2 bytes"], at: 9, until: 11, .value(2), local: Self.client, peer: Self.server,
            .udp)
        func poll(_ arguments: [CallArgument]) -> SocketCall {
            Self.call(
                2, .client, "poll", nil, arguments, at: 20, until: 120, .value(0), local: Self.client,
                peer: Self.server, .udp)
        }
        #expect(causes([send, poll(["fd 3", "100 ms"])], packets) == [.nothingCameInTime(request: 1)])
        let epoll = Self.call(
            2, .client, "epoll_wait", 5, ["fd 3", "100 ms"], at: 20, until: 120, .value(0), local: Self.client,
            peer: Self.server, .udp)
        #expect(causes([send, epoll], packets) == [.nothingCameInTime(request: 1)])
        #expect(causes([send, poll(["fd 3 to write", "100 ms"])], packets) == [.noRoom(zeroWindow: nil)])
        #expect(causes([send, poll(["fd 3", "0 ms"])], packets) == [])
        #expect(causes([send, poll(["fd 3", "no timeout"])], packets) == [])
        // Nobody came to a listener: no harm where its program looks again, which the verdict of a run knows.
        let idle = Self.call(
            2, .server, "poll", nil, ["fd 3", "500 ms"], at: 20, until: 120, .value(0), local: Self.server)
        #expect(causes([idle], packets) == [.nobodyConnected(nanoseconds: 100_000)])
    }

    @Test func addressInUseByTimeWaitNamesTheFIN() {
        let packets = EchoExchange.packets.map { $0 }
        let server = EchoExchange.client  // it closed first, so its end waits
        let bind = Self.call(9, .server, .bind, 3, ["\(server)"], at: 900, Self.failed("EADDRINUSE"))
        #expect(causes([bind], packets) == [.addressTaken(.timeWait(local: server, peer: EchoExchange.server, fin: 8))])
        #expect(
            causes([bind], Array(packets.prefix(5))) == [
                .addressTaken(.connection(local: server, peer: EchoExchange.server, state: .established))
            ])
        #expect(causes([bind]) == [.addressTaken(.unseen)])
    }

    @Test func addressInUseByAListener() {
        let calls = [
            Self.call(1, .server, .socket, nil, at: 0, .value(3)),
            Self.call(2, .server, .bind, 3, ["127.0.0.1:9"], at: 1, .value(0), local: Self.server),
            Self.call(3, .server, .listen, 3, ["1"], at: 2, .value(0), local: Self.server),
            Self.call(4, "late", .socket, nil, at: 10, .value(3)),
            Self.call(5, "late", .bind, 3, ["0.0.0.0:9"], at: 11, Self.failed("EADDRINUSE")),
        ]
        #expect(causes(calls) == [.addressTaken(.listener(.server))])
        let closed =
            calls.prefix(3) + [Self.call(4, .server, .close, 3, at: 3, .value(0), local: Self.server)] + [
                Self.call(5, "late", .bind, 3, ["0.0.0.0:9"], at: 11, Self.failed("EADDRINUSE"))
            ]
        #expect(causes(Array(closed)) == [.addressTaken(.unseen)])
    }

    /// The peer closes with 3 of 5 bytes unread: RST instead of FIN; the next send() is told ECONNRESET or EPIPE.
    @Test func resetAfterUnreadData() {
        let c = Self.client
        let s = Self.server
        let packets = Self.packets([
            (10, TestPacket.tcp(c, s, .syn, seq: 100)), (11, TestPacket.tcp(s, c, [.syn, .ack], seq: 200, ack: 101)),
            (12, TestPacket.tcp(c, s, .ack, seq: 101, ack: 201)),
            (20, TestPacket.tcp(c, s, [.psh, .ack], seq: 101, ack: 201, payload: [1, 2, 3, 4, 5])),
            (30, TestPacket.tcp(s, c, [.rst, .ack], seq: 201, ack: 106)),
        ])
        var calls = [
            Self.call(1, .client, .connect, at: 9, until: 13, .value(0), local: c, peer: s),
            Self.call(2, .client, .send, at: 19, until: 21, .value(5), local: c, peer: s),
            Self.call(3, .client, .send, at: 40, Self.failed("EPIPE"), local: c, peer: s),
        ]
        #expect(causes(calls, packets) == [.reset(.init(packet: 5, reason: .withoutClose))])
        calls.append(Self.call(4, .server, .recv, 5, ["2"], at: 25, .received(2, from: nil), local: s, peer: c))
        #expect(causes(calls, packets) == [.reset(.init(packet: 5, reason: .unread(bytes: 3)))])
        calls.append(Self.call(5, .server, .setsockopt, 5, ["SO_LINGER", "1 s"], at: 26, .value(0), local: s, peer: c))
        #expect(causes(calls, packets) == [.reset(.init(packet: 5, reason: .linger))])
        #expect(causes(calls, Array(packets.prefix(4))) == [.unexplained])
    }

    @Test func dataForOneWhoClosedIsAnsweredByReset() {
        let c = Self.client
        let s = Self.server
        let packets = Self.packets([
            (10, TestPacket.tcp(c, s, .syn, seq: 100)), (11, TestPacket.tcp(s, c, [.syn, .ack], seq: 200, ack: 101)),
            (12, TestPacket.tcp(c, s, .ack, seq: 101, ack: 201)),
            (15, TestPacket.tcp(s, c, [.fin, .ack], seq: 201, ack: 101)),
            (16, TestPacket.tcp(c, s, .ack, seq: 101, ack: 202)),
            (20, TestPacket.tcp(c, s, [.psh, .ack], seq: 101, ack: 202, payload: [1])),
            (21, TestPacket.tcp(s, c, .rst, seq: 202)),
        ])
        let calls = [Self.call(3, .client, .send, at: 40, Self.failed("EPIPE"), local: c, peer: s)]
        #expect(causes(calls, packets) == [.reset(.init(packet: 7, reason: .dataAfterClose(data: 6, fin: 4)))])
    }

    @Test func ownShutdownIsNoReset() {
        let calls = [
            Self.call(1, .client, .connect, at: 9, until: 13, .value(0), local: Self.client, peer: Self.server),
            Self.call(2, .client, .shutdown, 3, ["SHUT_WR"], at: 20, .value(0), local: Self.client, peer: Self.server),
            Self.call(3, .client, .send, at: 40, Self.failed("EPIPE"), local: Self.client, peer: Self.server),
        ]
        #expect(causes(calls) == [.ownShutdown(fin: nil)])
    }

    @Test func aFullWindowNamesThePacketThatSaidSo() {
        let c = Self.client
        let s = Self.server
        let packets = Self.packets([
            (10, TestPacket.tcp(c, s, [.ack], seq: 1, ack: 1, payload: [1])),
            (11, TestPacket.tcp(s, c, [.ack], seq: 1, ack: 2, window: 0)),
        ])
        let calls = [Self.call(1, .client, .send, at: 40, Self.failed("EAGAIN"), local: c, peer: s)]
        #expect(causes(calls, packets) == [.noRoom(zeroWindow: 2)])
    }

    /// A non-blocking connect() tells its outcome by SO_ERROR, which itself succeeds.
    @Test func theOutcomeOfANonBlockingConnect() {
        let packets = Self.packets([
            (20, TestPacket.tcp(Self.client, Self.server, .syn, seq: 7)),
            (30, TestPacket.tcp(Self.server, Self.client, [.rst, .ack], seq: 0, ack: 8)),
        ])
        let calls = [
            Self.call(1, .client, .socket, nil, at: 0, .value(3)),
            Self.call(
                2, .client, .connect, at: 10, until: 22, Self.failed("EINPROGRESS"), local: Self.client,
                peer: Self.server),
            Self.call(
                3, .client, .getsockopt, 3, ["SOL_SOCKET", "SO_ERROR", "ECONNREFUSED"], at: 50, .value(0),
                local: Self.client, peer: Self.server),
        ]
        #expect(causes(calls, packets) == [.stillConnecting(syn: 1), .refused(reset: 2, syn: 1)])
    }

    @Test(arguments: [
        ("EACCES", SocketCall.Name.bind, CallFailure.LocalReason.privilegedPort),
        ("EADDRNOTAVAIL", .bind, .notOurAddress), ("ENETUNREACH", .connect, .noRoute),
        ("EMSGSIZE", .sendto, .tooLong(bytes: 65508)), ("ENOTCONN", .recv, .notConnected),
        ("EINTR", .accept, .interrupted), ("EWHATEVER", .recv, .other),
    ])
    func withoutAnyPacketTheMachineItselfRefused(errno: String, name: SocketCall.Name, reason: CallFailure.LocalReason)
    {
        let call = Self.call(1, .client, name, 3, ["65508 bytes"], at: 0, Self.failed(errno), .udp)
        #expect(causes([call]) == [.local(reason)])
    }

    @Test func callsThatTheSystemStartsAgainHaveNotFailed() {
        #expect(causes([Self.call(1, .client, .accept, at: 0, Self.failed("ERESTARTSYS"))]).isEmpty)
    }

    // MARK: Beside the call's own packets

    private static func listener(_ end: SocketCall.End, at local: Endpoint, backlog: Int = 1) -> [SocketCall] {
        [
            call(1, end, .socket, nil, at: 0, .value(3)),
            call(2, end, .bind, 3, ["\(local)"], at: 1, until: 2, .value(0), local: local),
            call(3, end, .listen, 3, ["\(backlog)"], at: 3, until: 4, .value(0), local: local),
        ]
    }

    /// The classic: a server bound to 127.0.0.1 and a client on another host, or over IPv6.
    @Test func aServerThatWaitsElsewhere() throws {
        let host = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 9)
        let own = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
        let packets = Self.packets([
            (20, TestPacket.tcp(own, host, .syn, seq: 7)),
            (30, TestPacket.tcp(host, own, [.rst, .ack], seq: 0, ack: 8)),
        ])
        let refused = Self.call(4, .client, .connect, at: 10, until: 40, Self.failed("ECONNREFUSED"), peer: host)
        func elsewhere(_ server: Endpoint) -> CallFailure.Listener? {
            CallFailure.all(of: Self.listener(.server, at: server) + [refused], packets: packets).first?.elsewhere
        }
        #expect(elsewhere(Self.server) == .init(end: .server, address: Self.server, wanted: host.address))
        #expect(elsewhere(Endpoint(.v4(.loopback), 10)) == nil, "another port")
        #expect(elsewhere(host) == nil, "the same address")
        #expect(elsewhere(Endpoint(.v4(.any), 9)) == nil, "every address")

        // Every IPv6 address is IPv4's, too, unless the program asked for IPv6 alone.
        let every = Endpoint(.v6(.any), 9)
        #expect(elsewhere(every) == nil)
        for (value, isAlone) in [(1, true), (0, false)] {
            let option = Self.call(
                1, .server, .setsockopt, 3, ["IPPROTO_IPV6", "IPV6_V6ONLY", .number(value)], at: 0, until: 1, .value(0))
            let calls = Self.listener(.server, at: every) + [option, refused]
            let failure = try #require(CallFailure.all(of: calls, packets: packets).first)
            #expect((failure.elsewhere == .init(end: .server, address: every, wanted: host.address)) == isAlone)
        }
    }

    /// listen(0) has room for one connection that nobody has accepted (Linux's sk_acceptq_is_full).
    @Test func aFullQueue() {
        func handshake(_ client: Endpoint, _ time: Int64) -> [(Int64, [UInt8])] {
            [
                (time, TestPacket.tcp(client, Self.server, .syn, seq: 7)),
                (time + 1, TestPacket.tcp(Self.server, client, [.syn, .ack], seq: 50, ack: 8)),
                (time + 2, TestPacket.tcp(client, Self.server, .ack, seq: 8, ack: 51)),
            ]
        }
        let late = Endpoint(.v4(.loopback), 40001)
        let syn = TestPacket.tcp(late, Self.server, .syn, seq: 9)
        let packets = Self.packets(handshake(Self.client, 10) + [(100, syn), (1_000_100, syn)])
        let connect = Self.call(
            9, .client, .connect, 4, at: 99, until: 3_000_000, Self.failed("ETIMEDOUT"), peer: Self.server)
        func causes(backlog: Int, _ more: [SocketCall] = []) -> [CallFailure.Cause] {
            self.causes(Self.listener(.server, at: Self.server, backlog: backlog) + more + [connect], packets)
        }
        #expect(causes(backlog: 0) == [.queueFull(sent: [4, 5], .init(end: .server, backlog: 0, waiting: 1))])
        #expect(causes(backlog: 1) == [.unanswered([4, 5])])
        let pending = Self.call(9, .client, .connect, 4, at: 99, until: 3_000_000, .pending, peer: Self.server)
        let waiting = CallFailure.all(
            of: Self.listener(.server, at: Self.server, backlog: 0) + [pending], packets: packets,
            ended: [.client: TestClock.at(3_000_000)])
        #expect(
            waiting.map(\.cause) == [
                .stillWaiting(.answer(to: [4, 5], queue: .init(end: .server, backlog: 0, waiting: 1)))
            ])
        let accept = Self.call(5, .server, .accept, 3, at: 5, until: 20, .accepted(4, Self.client), local: Self.server)
        #expect(causes(backlog: 0, [accept]) == [.unanswered([4, 5])])
    }

    @Test func aHostThatIsNotThere() {
        let peer = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0009)), 80)
        let connect = Self.call(1, .client, .connect, at: 10, until: 3_000_000, Self.failed("EHOSTUNREACH"), peer: peer)
        func query(_ number: Int, _ time: Int64, _ target: IPAddress, isAnswer: Bool = false) -> NeighbourQuery {
            NeighbourQuery(packet: number, time: TestClock.at(time), target: target, isAnswer: isAnswer)
        }
        func causes(_ queries: [NeighbourQuery]) -> [CallFailure.Cause] {
            CallFailure.all(of: [connect], packets: [], neighbours: queries).map(\.cause)
        }
        let asked = [query(1, 12, peer.address), query(2, 13, Self.server.address), query(3, 1_000_000, peer.address)]
        #expect(causes(asked) == [.noNeighbour(peer.address, queries: [1, 3])])
        #expect(causes(asked + [query(4, 1_000_050, peer.address, isAnswer: true)]) == [.local(.hostUnreachable)])
        #expect(causes([]) == [.local(.hostUnreachable)])
    }

    @Test func pathsOfUNIXSockets() {
        func cause(_ name: SocketCall.Name, _ errno: String) -> [CallFailure.Cause] {
            causes([Self.call(1, .client, name, 3, ["/tmp/x"], at: 1, Self.failed(errno), .unix)])
        }
        #expect(cause(.bind, "EADDRINUSE") == [.local(.pathTaken)])
        #expect(cause(.connect, "ENOENT") == [.local(.noPath)])
        #expect(cause(.connect, "ECONNREFUSED") == [.local(.nobodyAtPath)])
        #expect(cause(.connect, "EAGAIN") == [.local(.fullAtPath)])
        #expect(cause(.send, "EPIPE") == [.local(.closedAtPath)])
        let shutdown = Self.call(1, .client, .shutdown, 3, ["SHUT_WR"], at: 1, .value(0), .unix)
        #expect(
            causes([shutdown, Self.call(2, .client, .send, 3, at: 9, Self.failed("EPIPE"), .unix)]) == [
                .ownShutdown(fin: nil)
            ])
    }

    /// Libraries ask for the peer to see whether there is one.
    @Test func getpeernameWithoutAPeerIsNoFailure() {
        #expect(causes([Self.call(1, .client, .getpeername, at: 1, Self.failed("ENOTCONN"))]) == [])
        #expect(causes([Self.call(1, .client, .shutdown, at: 1, Self.failed("ENOTCONN"))]) == [.local(.notConnected)])
    }
}
