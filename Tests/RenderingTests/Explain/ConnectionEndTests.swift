import Addressing
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// What stories, cards and flows say of segments that are odd but no mistake: never more than the capture shows.
@Suite struct ConnectionEndTests {
    /// A connection with data both ways.
    private var live: WrittenCapture {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3])
        capture.server(40, [.psh, .ack], seq: 1, ack: 4, payload: [4, 5, 6])
        capture.client(50, .ack, seq: 4, ack: 4)
        return capture
    }

    private func text(_ capture: WrittenCapture) -> String {
        capture.stories.map { story in story.findings.map { SentenceText.text($0.sentence) }.joined(separator: " ") }
            .joined(separator: "\n")
    }

    private func outcomes(_ capture: WrittenCapture) -> [String] {
        var tracker = FlowTracker(seed: 1)
        capture.read { tracker.take($0, $1, wireLength: $2.wireLength, number: $2.number, time: $2.timestamp) }
        let lines = rendered { out in
            for number in 0..<tracker.count {
                FlowData.writeJSON(tracker[number].key, tracker[number].record, to: &out)
            }
        }
        return lines.split(separator: "\n").compactMap { line in
            line.split(separator: "\"state\":\"").last?.split(separator: "\"").first.map(String.init)
        }
    }

    private func cards(_ capture: WrittenCapture) -> String {
        var queue = ConnectionQueue()
        capture.read { queue.take($0, $1, $2) }
        return rendered { out in
            for (_, conversation) in queue.finish() { HandshakeCard.write(conversation, to: &out) }
        }
    }

    /// Sequence numbers alone do not tell an old duplicate; its timestamp does (PAWS, RFC 7323 section 5).
    @Test func anOldTimestampTellsADuplicate() {
        func segment(
            fromClient: Bool, _ flags: TCPFlags, seq: UInt32, ack: UInt32, _ value: UInt32, _ echo: UInt32,
            payload: [UInt8] = []
        ) -> [UInt8] {
            let (own, other) =
                fromClient
                ? (WrittenCapture.clientISN, WrittenCapture.serverISN)
                : (WrittenCapture.serverISN, WrittenCapture.clientISN)
            let ends =
                fromClient
                ? (WrittenCapture.client, WrittenCapture.server) : (WrittenCapture.server, WrittenCapture.client)
            return TestPacket.tcp(
                ends.0, ends.1, flags, seq: own &+ seq, ack: other &+ ack, payload: payload,
                options: [.noOperation, .noOperation, .timestamps(value: value, echo: echo)])
        }
        var capture = WrittenCapture()
        capture.handshake()
        capture.add(
            30, segment(fromClient: true, [.psh, .ack], seq: 1, ack: 1, 1000, 7000, payload: Array("abc".utf8)))
        capture.add(40, segment(fromClient: false, .ack, seq: 1, ack: 4, 7001, 1000))
        capture.add(50, segment(fromClient: true, [.psh, .ack], seq: 4, ack: 1, 90, 20, payload: Array("OLD".utf8)))
        capture.add(51, segment(fromClient: false, .ack, seq: 1, ack: 4, 7002, 1000))
        capture.add(
            60, segment(fromClient: true, [.psh, .ack], seq: 4, ack: 1, 1001, 7002, payload: Array("new".utf8)))
        capture.add(70, segment(fromClient: false, .ack, seq: 1, ack: 7, 7003, 1001))
        let told = text(capture)
        #expect(told.contains("has an older timestamp than the server has echoed already"))
        #expect(told.contains("The server answered packet 6 with an ACK"))
        #expect(!told.contains("other bytes") && !told.contains("duplicate ACKs"))
    }

    /// No packet shows that the SYN-ACK reached the client, so no state says it.
    @Test func aClientThatAcknowledgesNothingIsNotEstablished() {
        var capture = WrittenCapture()
        capture.client(0, .syn, seq: 0)
        capture.server(10, [.syn, .ack], seq: 0, ack: 1)
        func states() -> [TCPState?] {
            var collector = ConversationCollector()
            capture.read { collector.take($0, $1, $2) }
            return collector.conversations.flatMap(\.changes).map(\.client)
        }
        #expect(states() == [.synSent, nil])
        #expect(text(capture).contains("as far as captured, the connection was not completed"))
        capture.client(20, .ack, seq: 1, ack: 1)
        // It was so from the SYN-ACK on, which only now is known.
        #expect(states() == [.synSent, .established, nil])
    }

    @Test func whatHadBeenAcknowledgedIsSentAgain() {
        var capture = live
        capture.farewell(60, client: 4, server: 4)
        capture.server(300, [.fin, .ack], seq: 4, ack: 5)
        capture.client(301, .ack, seq: 5, ack: 5)
        #expect(text(capture).contains("The server sent the FIN again, though packet 9 had acknowledged it"))
        var opening = WrittenCapture()
        opening.handshake()
        opening.server(1000, [.syn, .ack], seq: 0, ack: 1)
        #expect(text(opening).contains("The server sent the SYN-ACK again, though packet 3 had acknowledged it"))
    }

    @Test func aSYNMayComeAgainLate() {
        var capture = live
        capture.client(60, .syn, seq: 0)
        capture.server(61, .ack, seq: 4, ack: 4)
        capture.farewell(70, client: 4, server: 4)
        #expect(text(capture).contains("The client's SYN came again when the connection was open"))
        #expect(outcomes(capture) == ["closed by client"])
    }

    /// A FIN behind a gap in the capture that is larger than the window.
    @Test func aFINBehindAGapClosesWhereItIsAcknowledged() {
        var capture = live
        capture.server(60, [.fin, .ack], seq: 9_000_004, ack: 4)
        capture.client(61, .ack, seq: 4, ack: 9_000_005)
        capture.client(70, [.fin, .ack], seq: 4, ack: 9_000_005)
        capture.server(71, .ack, seq: 9_000_005, ack: 5)
        #expect(outcomes(capture) == ["closed by server"])
        let told = text(capture)
        #expect(told.contains("The server closed first (FIN), then the client. Both FINs were acknowledged"))
        #expect(!told.contains("to be dropped"))
    }

    @Test func whatWasSeenInTheMiddleMayBeReset() {
        var capture = WrittenCapture()
        capture.client(0, [.psh, .ack], seq: 1, ack: 1, payload: [1])
        capture.server(1, .ack, seq: 1, ack: 2)
        capture.client(2, [.rst, .ack], seq: 2, ack: 1)
        #expect(outcomes(capture) == ["reset by client"])
    }

    /// Resets by a middlebox in an end's name: the end itself goes on.
    @Test func anEndThatGoesOnAfterItsResetMayNotHaveSentIt() {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3])
        capture.server(31, [.rst, .ack], seq: 1, ack: 4)
        capture.server(32, [.rst, .ack], seq: 1461, ack: 4)
        capture.server(33, [.rst, .ack], seq: 4381, ack: 4)
        capture.server(39, .ack, seq: 1, ack: 4)
        capture.server(40, [.psh, .ack], seq: 1, ack: 4, payload: [4, 5, 6])
        let told = text(capture)
        #expect(told.contains("The server goes on after its RST (packet 5)."))
        #expect(!told.contains("behind later ones") && !told.contains("duplicate ACKs"))
    }

    @Test func bothClosedAtOnceInEveryCommand() {
        var capture = live
        capture.client(60, [.fin, .ack], seq: 4, ack: 4)
        capture.server(61, [.fin, .ack], seq: 4, ack: 4)
        capture.client(70, .ack, seq: 5, ack: 5)
        capture.server(71, .ack, seq: 5, ack: 5)
        #expect(outcomes(capture) == ["closed by both"])
        #expect(text(capture).contains("Both closed at once"))
        #expect(cards(capture).contains("both closed at once"))
    }

    /// A FIN, NULL or Xmas scan (RFC 9293 section 3.1: a connection's segments have ACK set).
    @Test(arguments: [.fin, [], [.fin, .psh, .urg]] as [TCPFlags]) func noConnectionHasSuchASegment(flags: TCPFlags) {
        var capture = WrittenCapture()
        capture.client(0, flags, seq: 1)
        capture.server(1, [.rst, .ack], seq: 0, ack: 2)
        let told = text(capture)
        #expect(told.contains("A port scan looks like this"))
        #expect(told.contains("it knew no connection that this could be of"))
        #expect(!told.contains("in the middle") && !told.contains("program"))
        #expect(cards(capture).hasPrefix("No handshake"))
        var alone = WrittenCapture()
        alone.client(0, flags, seq: 1)
        #expect(!text(alone).contains("still open"))
    }

    /// The end of a connection was not captured, but its ports were used again.
    @Test func anotherConnectionTookThePortsOver() {
        var capture = live
        for (time, bytes) in TestPacket.hello(WrittenCapture.client, WrittenCapture.server).enumerated() {
            capture.add(60_000 + Double(time), bytes)
        }
        #expect(text(capture).contains("another connection took its ports over (packet 7, tcp.stream 1)"))
        #expect(cards(capture).contains("it was over by packet 7, with which tcp.stream 1 took its ports over"))
    }

    /// A SYN-ACK that acknowledges something else is reset (RFC 9293 section 3.10.7.3).
    @Test func theClientResetsAWrongSYNACK() {
        var capture = WrittenCapture()
        capture.client(0, .syn, seq: 0)
        capture.server(10, [.syn, .ack], seq: 5, ack: 500)
        capture.client(11, .rst, seq: 500)
        capture.server(20, [.syn, .ack], seq: 0, ack: 1)
        capture.client(30, .ack, seq: 1, ack: 1)
        capture.farewell(40, client: 1)
        let told = text(capture)
        #expect(told.contains("The client answered packet 2 with a reset, as that acknowledges what it has not sent"))
        #expect(outcomes(capture) == ["closed by client"])
        let cards = cards(capture)
        #expect(cards.contains("Not of it: packet 2, the server's SYN+ACK: SYN-ACK that opens nothing"))
        #expect(cards.contains("Not of it: packet 3, the client's RST: RST in answer to what does not belong"))
    }

    @Test func aResetAloneHadNoHandshake() {
        var capture = WrittenCapture()
        capture.client(0, .rst, seq: 1)
        #expect(cards(capture).hasPrefix("The capture has nothing of this connection but a reset."))
        #expect(outcomes(capture) == ["a reset alone"])
    }

    /// Of one direction alone the handshake was complete all the same where the server acknowledges data.
    @Test func aServerThatGoesOnWasAcknowledged() {
        var capture = WrittenCapture()
        capture.server(0, [.syn, .ack], seq: 0, ack: 1)
        capture.server(10, [.psh, .ack], seq: 1, ack: 400, payload: [1, 2, 3])
        capture.server(20, .rst, seq: 4)
        #expect(!cards(capture).contains("before the handshake was complete"))
        #expect(outcomes(capture) == ["reset by server"])
    }

    /// What a RST acknowledges nobody has taken.
    @Test func dataInARefusedSYNIsNotAcknowledged() {
        var capture = WrittenCapture()
        capture.client(0, .syn, seq: 0, payload: [1, 2, 3])
        capture.server(1, [.rst, .ack], seq: 0, ack: 4)
        #expect(text(capture).contains("No acknowledgment of it was seen"))
        #expect(outcomes(capture) == ["refused"])
    }
}
