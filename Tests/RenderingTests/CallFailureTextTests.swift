import Addressing
import Conversations
import Diagnosis
import Packets
import Sockets
import TestSupport
import Testing
import Timeline

@testable import Rendering

@Suite struct CallFailureTextTests {
    private static let call = SocketCall(
        id: 1, end: .client, name: .connect, descriptor: 3, arguments: ["127.0.0.1:9"], start: TestClock.at(0),
        finish: TestClock.at(5),
        result: .failed(number: 111, name: "ECONNREFUSED"), transport: .tcp)

    private static func because(_ cause: CallFailure.Cause) -> String {
        SentenceText.text(CallFailure(call: call, errno: "ECONNREFUSED", cause: cause).because)
    }

    @Test func aSentenceNamesWhoWhatAndWhy() throws {
        let packets = [
            TestPacket.tcp(Endpoint(.v4(.loopback), 4), Endpoint(.v4(.loopback), 9), .syn, seq: 7),
            TestPacket.tcp(Endpoint(.v4(.loopback), 9), Endpoint(.v4(.loopback), 4), [.rst, .ack], seq: 0, ack: 8),
        ].enumerated().compactMap { TestPacket.observed($1, number: $0 + 1, microseconds: Int64($0) + 1) }
        var call = Self.call
        call.peer = Endpoint(.v4(.loopback), 9)
        let failures = CallFailure.all(of: [call], packets: packets)
        #expect(
            failures.map { SentenceText.text($0.finding.sentence) } == [
                """
                client: connect(127.0.0.1:9) → ECONNREFUSED: packet 2 (RST) answered its SYN (packet 1): \
                nothing listens there.
                """
            ])
    }

    @Test func everyCauseHasItsWords() throws {
        let server = Endpoint(.v4(.loopback), 65432)
        let client = Endpoint(.v4(.loopback), 40000)
        let error = ICMPRefusal(
            packet: 4, time: nil, sender: .v4(.loopback), isVersion6: false, type: 3, code: 3, quoted: nil)
        #expect(
            Self.because(.icmp(error, answered: 3))
                == "packet 4 (ICMP type 3 code 3, from 127.0.0.1, about packet 3): nobody uses the port")
        #expect(
            Self.because(.unanswered([1, 2, 5])) == "its SYN went out 3 times (packets 1, 2 and 5), and no answer came")
        #expect(
            Self.because(.unanswered([1], late: 3))
                == "its SYN went out once (packet 1), and no answer came before the call returned; packet 3 came later")
        #expect(
            Self.because(.stillWaiting(.answer(to: [4], queue: .init(end: .server, backlog: 0, waiting: 1))))
                == """
                its SYN went out once (packet 4), and no answer came: the queue of server's listener is full \
                (listen(0), and 1 connection waits for accept()), so that its system drops SYNs
                """
        )
        #expect(Self.because(.unanswered([1])) == "its SYN went out once (packet 1), and no answer came")
        #expect(
            Self.because(.unanswered(Array(1...9)))
                == "its SYN went out 9 times (packets 1, 2, 3 … 9), and no answer came")
        #expect(
            Self.because(.reset(.init(packet: 9, reason: .unread(bytes: 1))))
                == "packet 9 (RST) ended the connection: the peer closed with 1 byte unread")
        #expect(
            Self.because(.addressTaken(.timeWait(local: server, peer: client, fin: 8)))
                == """
                no packet: the earlier connection 127.0.0.1:65432 ↔ 127.0.0.1:40000 is in TIME-WAIT, \
                because this end closed it first (FIN in packet 8); \
                SO_REUSEADDR allows it, where the earlier socket had set it too; \
                else wait a minute or take another port
                """
        )
        #expect(
            Self.because(.nothingCame(nanoseconds: 2_000_000_000, request: 1))
                == "nothing came for 2.000 s; the last data that went out, packet 1, was not answered in that time")
        #expect(
            Self.because(.nothingCame(nanoseconds: 900, request: 1))
                == "nothing had come yet, and the call does not wait")
        #expect(Self.because(.unexplained) == "no packet of this capture shows why")
    }

    @Test func whatTheWireLostIsNamed() {
        let there = CallFailure.Loss(
            packets: [5, 7], destination: .v4(IPv4Address(rawValue: 0x0a00_0002)), isDamaged: false)
        let back = CallFailure.Loss(packets: [8], destination: .v4(IPv4Address(rawValue: 0x0a00_0001)), isDamaged: true)
        let failure = CallFailure(
            call: Self.call, errno: "ETIMEDOUT", cause: .unanswered([5, 7, 9]), losses: [there, back])
        #expect(
            SentenceText.text(failure.finding.sentence)
                == """
                client: connect(127.0.0.1:9) → ETIMEDOUT: its SYN went out 3 times (packets 5, 7 and 9), \
                and no answer came: the wire lost packets 5 and 7 on their way to 10.0.0.2, \
                damaged packet 8 on its way to 10.0.0.1.
                """
        )
    }

    @Test func reasonsBesideTheCall() throws {
        let refused = CallFailure.Cause.refused(reset: 2, syn: 1)
        func elsewhere(_ address: String, _ wanted: IPAddress) throws -> String {
            let listener = CallFailure.Listener(end: .server, address: try #require(Endpoint(address)), wanted: wanted)
            return SentenceText.text(
                CallFailure(call: Self.call, errno: "ECONNREFUSED", cause: refused, elsewhere: listener).because)
        }
        let host = IPAddress.v4(IPv4Address(rawValue: 0x0a00_0002))
        #expect(
            try elsewhere("127.0.0.1:9", host).hasSuffix(
                """
                nothing listens there; server waits at 127.0.0.1:9, which only programs on its own host can \
                reach: bind it to 0.0.0.0, every address
                """
            ))
        #expect(
            try elsewhere("127.0.0.1:9", .v6(.loopback)).hasSuffix(
                "; server waits at 127.0.0.1:9, for IPv4 alone: ask for an IPv4 address"))
        #expect(
            try elsewhere("127.0.0.2:9", .v4(.loopback)).hasSuffix(
                """
                ; server waits at 127.0.0.2:9, another address: ask for 127.0.0.2, or bind it to 0.0.0.0, \
                every address
                """
            ))
        #expect(
            Self.because(.queueFull(sent: [4, 5], .init(end: .server, backlog: 0, waiting: 1)))
                == """
                its SYN went out twice (packets 4 and 5), and no answer came: \
                the queue of server's listener is full (listen(0), and 1 connection waits for accept()), \
                so that its system drops SYNs
                """
        )
        #expect(
            Self.because(.noNeighbour(host, queries: [1, 3]))
                == """
                nothing could be sent: ARP asked who has 10.0.0.2 (packets 1 and 3), and nobody answered, \
                so that no such host is on this network
                """
        )
        #expect(
            Self.because(.noNeighbour(.v6(.loopback), queries: [1])).contains(
                "neighbour discovery asked who has ::1 (packet 1)"))
    }

    @Test func aWaitThatNetprobeEnded() {
        func sentence(_ name: SocketCall.Name, _ waiting: CallFailure.Waiting, _ transport: SocketProtocol = .tcp)
            -> String
        {
            let call = SocketCall(
                id: 1, end: .server, name: name, arguments: ["1024"], start: TestClock.at(0), transport: transport)
            return SentenceText.text(
                CallFailure(call: call, errno: "", cause: .stillWaiting(waiting)).finding.sentence)
        }
        let head = "was still waiting when netprobe ended the program:"
        #expect(
            sentence(.recv, .data(since: 4, request: nil))
                == "server: recv(1024) \(head) no byte had come since packet 4.")
        #expect(
            sentence(.recv, .data(since: nil, request: 3))
                == """
                server: recv(1024) \(head) no byte had come; \
                the last data that went out, packet 3, was not answered.
                """
        )
        #expect(
            sentence(.recvfrom, .data(since: nil, request: nil), .udp)
                == "server: recvfrom(1024) \(head) no datagram had come.")
        #expect(sentence("accept4", .connection(since: nil)).hasSuffix("nobody had connected."))
        #expect(sentence("accept4", .connection(since: 3)).hasSuffix("nobody else had connected since packet 3 (SYN)."))
        #expect(sentence(.send, .room(zeroWindow: 9)).hasSuffix("the peer had no room (window 0 in packet 9)."))
    }

    /// Names come from files that anyone may have written.
    @Test func nothingReachesTheTerminalUnescaped() {
        var call = Self.call
        call.end = "\u{1b}[2J"
        call.name = "\u{1b}]0;x"
        call.arguments = ["\u{7}\n"]
        let text = SentenceText.text(
            CallFailure(call: call, errno: "\u{1b}c", cause: .addressTaken(.listener("\u{9b}1m"))).finding.sentence)
        #expect(!text.unicodeScalars.contains { $0.value < 32 || (0x7f...0x9f).contains($0.value) })
    }
}
