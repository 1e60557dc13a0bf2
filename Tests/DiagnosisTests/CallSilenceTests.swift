import Addressing
import Conversations
import Packets
import Sockets
import TestSupport
import Testing
import Timeline

@testable import Diagnosis

/// Calls that wait for what does not come: because the wire lost it, or until their program is ended.
@Suite struct CallSilenceTests {
    private static let client = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000)
    private static let server = Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 9)

    private static func call(
        _ id: Int, _ end: SocketCall.End, _ name: SocketCall.Name, _ arguments: [CallArgument] = [], at start: Int64,
        until finish: Int64? = nil,
        _ result: SocketCall.Result, local: Endpoint? = nil, peer: Endpoint? = nil,
        _ transport: SocketProtocol = .tcp
    ) -> SocketCall {
        SocketCall(
            id: id, end: end, name: name, descriptor: 3, arguments: arguments, start: TestClock.at(start),
            finish: finish.map { TestClock.at($0) },
            result: result, local: local, peer: peer, transport: transport)
    }

    private static func packets(_ raw: [(Int64, [UInt8])]) -> [ObservedPacket] {
        raw.enumerated().compactMap { TestPacket.observed($1.1, number: $0 + 1, microseconds: $1.0) }
    }

    private static let syn = TestPacket.tcp(client, server, .syn, seq: 7)
    private static let synACK = TestPacket.tcp(server, client, [.syn, .ack], seq: 50, ack: 8)
    private static let connect = call(
        1, .client, .connect, at: 10, until: 7_000_000, .failed(number: 110, name: "ETIMEDOUT"), peer: server)
    private static let interrupted = SocketCall.Result.failed(number: 512, name: "ERESTARTSYS")

    // MARK: Losses

    @Test func theWireLostEverySYN() {
        let packets = Self.packets([(20, Self.syn), (1_000_020, Self.syn)])
        let found = CallFailure.all(
            of: [Self.connect], packets: packets, deliveries: Deliveries([1: .lost, 2: .damaged]))
        #expect(found.map(\.cause) == [.unanswered([1, 2])])
        #expect(
            found.first?.losses == [
                .init(packets: [1], destination: Self.server.address, isDamaged: false),
                .init(packets: [2], destination: Self.server.address, isDamaged: true),
            ])
    }

    /// An answer that did not come is none, and its loss is the reason.
    @Test func theWireLostTheAnswer() {
        let packets = Self.packets([(20, Self.syn), (30, Self.synACK), (1_000_020, Self.syn), (1_000_030, Self.synACK)])
        let lost = Deliveries([1: .arrived(TestClock.at(25)), 2: .lost, 3: .arrived(TestClock.at(1_000_025)), 4: .lost])
        let found = CallFailure.all(of: [Self.connect], packets: packets, deliveries: lost)
        #expect(found.map(\.cause) == [.unanswered([1, 3])])
        #expect(found.first?.losses == [.init(packets: [2, 4], destination: Self.client.address, isDamaged: false)])
        // As on loopback, where everything that was seen has come.
        #expect(CallFailure.all(of: [Self.connect], packets: packets).map(\.cause) == [.unexplained])
    }

    /// A timeout shorter than the way there and back: the answer is in the capture, but nobody waited for it any more.
    @Test func theAnswerCameTooLate() {
        let packets = Self.packets([(20, Self.syn), (30, Self.synACK)])
        let calls =
            [
                Self.call(
                    1, .client, .connect, at: 10, until: 100, .failed(number: 115, name: "EINPROGRESS"),
                    local: Self.client, peer: Self.server)
            ]
            + [
                Self.call(
                    2, .client, "poll", ["1 ms"], at: 200, until: 300, .value(0), local: Self.client, peer: Self.server)
            ]
        let slow = Deliveries([1: .arrived(TestClock.at(25)), 2: .arrived(TestClock.at(5000))])
        #expect(
            CallFailure.all(of: calls, packets: packets, deliveries: slow).map(\.cause) == [
                .stillConnecting(syn: 1), .unanswered([1], late: 2),
            ])
    }

    @Test func aDatagramsWayThereOrBack() {
        let packets = Self.packets([
            (10, TestPacket.udp(Self.client, Self.server, payload: [1])),
            (20, TestPacket.udp(Self.server, Self.client, payload: [2])),
        ])
        let calls = [
            Self.call(1, .client, .sendto, at: 9, until: 11, .value(1), local: Self.client, peer: Self.server, .udp),
            Self.call(
                2, .client, "poll", ["fd 3", "100 ms"], at: 15, until: 100_015, .value(0), local: Self.client,
                peer: Self.server, .udp),
        ]
        let there = CallFailure.all(of: calls, packets: Array(packets.prefix(1)), deliveries: Deliveries([1: .lost]))
        #expect(there.map(\.cause) == [.nothingCameInTime(request: 1)])
        #expect(there.first?.losses.map(\.packets) == [[1]])
        let back = CallFailure.all(
            of: calls, packets: packets, deliveries: Deliveries([1: .arrived(TestClock.at(12)), 2: .lost]))
        #expect(back.map(\.cause) == [.nothingCameInTime(request: 1)])
        #expect(back.first?.losses == [.init(packets: [2], destination: Self.client.address, isDamaged: false)])
    }

    /// Data of the peer's that had come before the call was the answer: nothing is owed any more.
    @Test func aRequestThatWasAnsweredIsNotToldAgain() {
        let packets = Self.packets([
            (10, TestPacket.udp(Self.client, Self.server, payload: [1])),
            (20, TestPacket.udp(Self.server, Self.client, payload: [2])),
        ])
        let wait = Self.call(
            3, .client, .recv, ["10"], at: 30, until: 2_000_030, .failed(number: 11, name: "EAGAIN"),
            local: Self.client, peer: Self.server, .udp)
        #expect(
            CallFailure.all(of: [wait], packets: packets).map(\.cause) == [
                .nothingCame(nanoseconds: 2_000_000_000, request: nil)
            ])
    }

    // MARK: The end of the program

    @Test func accept() {
        let ended: [SocketCall.End: Timestamp] = [.server: TestClock.at(5_000_000)]
        let listen = Self.call(1, .server, .listen, ["1"], at: 1, until: 2, .value(0), local: Self.server)
        let accept = Self.call(2, .server, "accept4", at: 10, until: 5_000_100, Self.interrupted, local: Self.server)
        func waiting(_ packets: [ObservedPacket], _ deliveries: Deliveries = Deliveries()) -> [CallFailure] {
            CallFailure.all(of: [listen, accept], packets: packets, deliveries: deliveries, ended: ended)
        }
        #expect(waiting([]).map(\.cause) == [.stillWaiting(.connection(since: nil))])
        #expect(waiting([]).map(\.isStillWaiting) == [true])
        let opened = Self.packets([
            (20, Self.syn), (30, Self.synACK), (40, TestPacket.tcp(Self.client, Self.server, .ack, seq: 8, ack: 51)),
        ])
        #expect(waiting(opened).map(\.cause) == [.stillWaiting(.connection(since: 1))])
        // A handshake whose second packet does not come makes no connection.
        let lost = waiting(Array(opened.prefix(2)), Deliveries([1: .arrived(TestClock.at(25)), 2: .lost]))
        #expect(lost.map(\.cause) == [.stillWaiting(.connection(since: nil))])
        #expect(lost.first?.losses.map(\.packets) == [[2]])
        // strace's own work is not in the duration: it seems to return before the signal that ended it.
        var early = accept
        early.finish = TestClock.at(4_990_000)
        #expect(CallFailure.all(of: [listen, early], packets: [], ended: ended).count == 1)
        // Nobody ended it: the system started the call again, and the program never knew.
        #expect(CallFailure.all(of: [listen, accept], packets: opened).isEmpty)
    }

    /// What poll() is asked about has no descriptor of its own: Python's http.server waits so.
    @Test func pollOfAListener() {
        let poll = Self.call(
            2, .server, "poll", ["fd 3", "500 ms"], at: 10, until: 5_000_100, Self.interrupted, local: Self.server)
        let found = CallFailure.all(of: [poll], packets: [], ended: [.server: TestClock.at(5_000_000)])
        #expect(found.map(\.cause) == [.stillWaiting(.connection(since: nil))])
    }

    /// ARP comes before the SYN of a connect() that does not wait.
    @Test func aSYNThatLeavesLater() {
        let packets = Self.packets([(60, Self.syn)])
        let connect = Self.call(
            1, .client, .connect, at: 10, until: 40, .failed(number: 115, name: "EINPROGRESS"), peer: Self.server)
        let recv = Self.call(
            2, .client, .recv, at: 80, until: 90, .received(1, from: nil), local: Self.client, peer: Self.server)
        #expect(CallFailure.all(of: [connect, recv], packets: packets).map(\.cause) == [.stillConnecting(syn: 1)])
    }

    @Test func recvNamesTheLastByteThatCame() {
        let c = Self.client
        let s = Self.server
        let packets = Self.packets([
            (10, Self.syn), (11, Self.synACK), (12, TestPacket.tcp(c, s, .ack, seq: 8, ack: 51)),
            (20, TestPacket.tcp(s, c, [.psh, .ack], seq: 51, ack: 8, payload: [1, 2])),
            (30, TestPacket.tcp(c, s, [.psh, .ack], seq: 8, ack: 53, payload: [3])),
        ])
        let recv = Self.call(5, "client/1.2", .recv, ["10"], at: 40, .pending, local: c, peer: s)
        let found = CallFailure.all(of: [recv], packets: packets, ended: [.client: TestClock.at(5_000_000)])
        #expect(found.map(\.cause) == [.stillWaiting(.data(since: 4, request: 5))])
        // One that had returned by then, and one that began later, were not waiting.
        let others = [
            Self.call(6, .client, .recv, ["10"], at: 40, until: 50, Self.interrupted, local: c, peer: s),
            Self.call(7, .client, .recv, ["10"], at: 6_000_000, .pending, local: c, peer: s),
        ]
        #expect(CallFailure.all(of: others, packets: packets, ended: [.client: TestClock.at(5_000_000)]).isEmpty)
    }

    /// A datagram server answers, and nobody owes it anything for that.
    @Test func aDatagramServerWaitsForAnybody() {
        let packets = Self.packets([
            (10, TestPacket.udp(Self.client, Self.server, payload: [1])),
            (20, TestPacket.udp(Self.server, Self.client, payload: [2])),
            (30, TestPacket.udp(Self.client, Self.server, payload: [3])),
        ])
        let calls = [
            Self.call(1, .server, .bind, at: 1, until: 2, .value(0), local: Self.server, .udp),
            Self.call(
                2, .server, .recvfrom, at: 3, until: 12, .received(1, from: Self.client), local: Self.server,
                peer: Self.client, .udp),
            Self.call(3, .server, .sendto, at: 15, until: 18, .value(1), local: Self.server, peer: Self.client, .udp),
            Self.call(4, .server, .recvfrom, at: 25, until: 6_000_000, Self.interrupted, local: Self.server, .udp),
        ]
        let found = CallFailure.all(
            of: calls, packets: packets, deliveries: Deliveries([3: .lost]), ended: [.server: TestClock.at(5_000_000)])
        #expect(found.map(\.cause) == [.stillWaiting(.data(since: 1, request: nil))])
        #expect(found.first?.losses.map(\.packets) == [[3]])
    }

    /// The RST that a program's end makes the system send is none of the program's.
    @Test func aResetOfAnEndedProgram() {
        let c = Self.client
        let s = Self.server
        let packets = Self.packets([
            (10, Self.syn), (11, Self.synACK), (12, TestPacket.tcp(c, s, .ack, seq: 8, ack: 51)),
            (40, TestPacket.tcp(s, c, [.rst, .ack], seq: 51, ack: 8)),
        ])
        let calls = [
            Self.call(1, .server, .recv, ["5"], at: 20, until: 39, Self.interrupted, local: s, peer: c),
            Self.call(
                2, .client, .recv, ["5"], at: 21, until: 41, .failed(number: 104, name: "ECONNRESET"), local: c, peer: s
            ),
        ]
        let found = CallFailure.all(of: calls, packets: packets, ended: [.server: TestClock.at(35)])
        #expect(
            found.map(\.cause) == [
                .stillWaiting(.data(since: nil, request: nil)), .reset(.init(packet: 4, reason: .ended)),
            ])
    }

    // MARK: In the ladder

    @Test func aCallThatWaitedIsDrawnFromItsStartToItsReturn() {
        func events(_ call: SocketCall) -> [Scene.Event] { Scene(calls: [call]).rows.map(\.event) }
        let waited = Self.call(1, .client, .recv, at: 0, until: 40_000, .received(5, from: nil))
        #expect(events(waited) == [.began(waited), .returned(waited)])
        let short = Self.call(1, .client, .recv, at: 0, until: 400, .received(5, from: nil))
        #expect(events(short) == [.whole(short)])
        // Slow, but nothing that waits for anybody.
        let slow = Self.call(1, .client, .setsockopt, at: 0, until: 40_000, .value(0))
        #expect(events(slow) == [.whole(slow)])
    }
}
