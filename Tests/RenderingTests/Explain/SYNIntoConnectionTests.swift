import Addressing
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// A SYN with another number on the ports of a connection: until something answers it, that connection may go on
/// (RFC 9293 section 3.10.7.4, RFC 5961 section 4).
@Suite struct SYNIntoConnectionTests {
    private static let newISN: UInt32 = 0x4000_0000
    private static let newServerISN: UInt32 = 0x5000_0000

    /// A connection with data both ways.
    private var live: WrittenCapture {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1, 2, 3])
        capture.server(40, [.psh, .ack], seq: 1, ack: 4, payload: [4, 5, 6])
        capture.client(50, .ack, seq: 4, ack: 4)
        return capture
    }

    private func client(
        _ capture: inout WrittenCapture, _ time: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0,
        payload: [UInt8] = []
    ) {
        capture.add(
            time,
            TestPacket.tcp(
                WrittenCapture.client, WrittenCapture.server, flags, seq: Self.newISN &+ seq,
                ack: flags.contains(.ack) ? Self.newServerISN &+ ack : 0, payload: payload))
    }

    private func server(
        _ capture: inout WrittenCapture, _ time: Double, _ flags: TCPFlags, seq: UInt32, ack: UInt32 = 0,
        payload: [UInt8] = []
    ) {
        capture.add(
            time,
            TestPacket.tcp(
                WrittenCapture.server, WrittenCapture.client, flags, seq: Self.newServerISN &+ seq,
                ack: flags.contains(.ack) ? Self.newISN &+ ack : 0, payload: payload))
    }

    private func openAnew(_ capture: inout WrittenCapture, _ time: Double) {
        client(&capture, time, .syn, seq: 0)
        server(&capture, time + 1, [.syn, .ack], seq: 0, ack: 1)
        client(&capture, time + 2, .ack, seq: 1, ack: 1)
        client(&capture, time + 3, [.fin, .ack], seq: 1, ack: 1)
        server(&capture, time + 4, [.fin, .ack], seq: 1, ack: 2)
        client(&capture, time + 5, .ack, seq: 2, ack: 2)
    }

    private func flows(_ capture: WrittenCapture) -> [String] {
        var tracker = FlowTracker(seed: 1)
        capture.read { tracker.take($0, $1, wireLength: $2.wireLength, number: $2.number, time: $2.timestamp) }
        return (0..<tracker.count).map { "\(tracker[$0].record.state(.tcp).name) \(tracker[$0].record.history)" }
    }

    private func text(_ capture: WrittenCapture) -> String {
        capture.stories.map { story in
            story.subject + ": " + story.findings.map { SentenceText.text($0.sentence) }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    private func marks(_ capture: WrittenCapture) -> [String] {
        var lines: [String] = []
        capture.read { _, _, facts in
            lines.append(rendered { out in TCPMarksText.write(facts.transport, to: &out) })
        }
        return lines
    }

    @Test func theConnectionGoesOn() {
        var capture = live
        client(&capture, 60, .syn, seq: 0)
        capture.server(61, .ack, seq: 4, ack: 4)
        capture.client(70, [.psh, .ack], seq: 4, ack: 4, payload: [7, 8, 9])
        capture.server(80, .ack, seq: 4, ack: 7)
        capture.farewell(90, client: 7, server: 4)
        #expect(flows(capture) == ["SF ShADdaFf", "S0 S"])
        let told = text(capture)
        #expect(told.contains("The server answered it with a challenge ACK"))
        #expect(told.contains("an ACK of tcp.stream 0 (packet 8), which it still knew: a challenge ACK"))
        #expect(!told.contains("earlier connection") && !told.contains("Nobody answered"))
        #expect(!told.contains("duplicate"))
        let marks = marks(capture)
        #expect(marks[7] == " [challenge ACK to packet 7] [of tcp.stream 0]")
        #expect(marks[8] == " [of tcp.stream 0]")
    }

    /// `tcp.stream` is Wireshark's.
    @Test func theFieldStaysWiresharks() {
        var capture = live
        client(&capture, 60, .syn, seq: 0)
        capture.server(61, .ack, seq: 4, ack: 4)
        capture.farewell(90, client: 4, server: 4)
        var streams: [UInt32] = []
        var connections: [UInt32] = []
        capture.read { _, _, facts in
            streams.append(facts.transport.tcpStream)
            connections.append(facts.transport.connection)
        }
        #expect(streams == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
        #expect(connections == [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
    }

    /// Half-open discovery (RFC 9293 section 3.5.1, figure 9): the client knows the connection no more.
    @Test func theClientResetsWhatItNoLongerKnows() {
        var capture = live
        client(&capture, 2000, .syn, seq: 0)
        capture.server(2001, .ack, seq: 4, ack: 4)
        capture.client(2002, .rst, seq: 4)
        openAnew(&capture, 3000)
        #expect(flows(capture) == ["RSTO ShADdaR", "SF ShAFf"])
        let told = text(capture)
        #expect(told.contains("it no longer knew it, as its new SYN in packet 7 shows"))
        #expect(!told.contains("No answer came"))
        #expect(told.contains("The client sent its SYN again once"))
    }

    /// The same where the capture does not have the old connection, whichever numbers that had.
    @Test(arguments: [77_000, 0 &- 77_000] as [UInt32]) func anOldConnectionThatWasNotCaptured(distance: UInt32) {
        var capture = WrittenCapture()
        client(&capture, 0, .syn, seq: 0)
        server(&capture, 1, .ack, seq: 9999, ack: distance)
        client(&capture, 2, .rst, seq: distance)
        openAnew(&capture, 1000)
        #expect(flows(capture) == ["SF ShAFf"])
        let told = text(capture)
        #expect(told.contains("an ACK of an earlier connection on these ports (packet 2), which it still knew"))
        #expect(told.contains("reset it (packet 3): half-open discovery"))
        #expect(!told.contains("No answer came"))
    }

    @Test func aServerInTimeWaitAnswersForTheOldConnection() {
        var capture = live
        capture.server(60, [.fin, .ack], seq: 4, ack: 4)
        capture.client(61, [.fin, .ack], seq: 4, ack: 5)
        capture.server(62, .ack, seq: 5, ack: 5)
        client(&capture, 100, .syn, seq: 0)
        capture.server(101, .ack, seq: 5, ack: 5)
        capture.client(102, .rst, seq: 5)
        openAnew(&capture, 1100)
        #expect(flows(capture) == ["SF ShADdfFaR", "SF ShAFf"])
    }

    /// Ports that are used again in earnest: the new connection is the one that counts from its SYN-ACK on, and what is
    /// late is of an earlier one.
    @Test func ofPortsThatAreUsedAgainTheNewConnectionCounts() {
        var capture = live
        capture.farewell(60, client: 4, server: 4)
        openAnew(&capture, 1000)
        capture.server(1010, [.fin, .ack], seq: 4, ack: 5)
        #expect(flows(capture) == ["SF ShADdFf", "SF ShAFf"])
        #expect(text(capture).contains("tcp.stream 1") && text(capture).contains("opened a new connection"))
        #expect(marks(capture).last == " [of an earlier connection]")
    }

    /// Of the new connection one direction alone is in the capture.
    @Test func aSenderThatGoesOnFromItsSYNWasAnswered() {
        var capture = live
        client(&capture, 60, .syn, seq: 0)
        client(&capture, 62, .ack, seq: 1, ack: 1)
        client(&capture, 63, [.psh, .ack], seq: 1, ack: 1, payload: [1])
        client(&capture, 64, [.fin, .ack], seq: 2, ack: 1)
        #expect(flows(capture) == ["S1 ShADd", "SH SADF"])
    }

    @Test func aSYNThatIsRefusedEndsNothingElse() {
        var capture = live
        client(&capture, 60, .syn, seq: 0)
        server(&capture, 61, [.rst, .ack], seq: 0 &- Self.newServerISN, ack: 1)
        #expect(flows(capture) == ["S1 ShADd", "REJ Sr"])
    }

    /// Any number of SYNs that nobody answers leave the connection alone.
    @Test func aFloodOfSYNsEndsNothing() {
        var capture = live
        for number in 0..<20 as Range<UInt32> { client(&capture, 60 + Double(number), .syn, seq: number * 100_000) }
        capture.farewell(90, client: 4, server: 4)
        #expect(flows(capture).first == "SF ShADdFf")
        #expect(flows(capture).dropFirst().allSatisfy { $0 == "S0 S" })
    }

    /// Data beyond the window that is acknowledged was taken: the capture has lost what lies between.
    @Test func anAcknowledgmentShowsThatTheCaptureHasAGap() {
        var capture = live
        capture.server(60, [.psh, .ack], seq: 9_000_004, ack: 4, payload: [UInt8](repeating: 1, count: 1000))
        capture.client(61, .ack, seq: 4, ack: 9_001_004)
        capture.server(62, [.psh, .ack], seq: 9_001_004, ack: 4, payload: [UInt8](repeating: 1, count: 1000))
        capture.client(63, .ack, seq: 4, ack: 9_002_004)
        capture.farewell(90, client: 4, server: 9_002_004)
        #expect(flows(capture) == ["SF ShADdgFf"])
        let told = text(capture)
        #expect(told.contains("Before this packet, 9000000 bytes of the server had not been seen"))
        #expect(!told.contains("to be dropped"))
    }

    /// The same data without an acknowledgment lies outside of the window.
    @Test func whatNobodyAcknowledgesIsOutsideOfTheWindow() {
        var capture = live
        capture.server(60, [.psh, .ack], seq: 9_000_004, ack: 4, payload: [UInt8](repeating: 1, count: 1000))
        capture.client(61, .ack, seq: 4, ack: 4)
        capture.server(62, [.psh, .ack], seq: 4, ack: 4, payload: [1])
        capture.client(63, .ack, seq: 4, ack: 5)
        let told = text(capture)
        #expect(told.contains("it is to be dropped, and changes nothing"))
        #expect(told.contains("The client answered packet 7 with an ACK"))
        #expect(!told.contains("duplicate ACKs"))
    }

    /// Larger segments that are sent again hold what is acknowledged (RFC 9293 section 3.8.1): the capture has it.
    @Test func whatALargerRetransmissionBroughtWasSeen() {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: Array("0123456789".utf8))
        capture.client(330, [.psh, .ack], seq: 6, ack: 1, payload: Array("56789abcde".utf8))
        capture.server(340, .ack, seq: 1, ack: 16)
        #expect(!marks(capture).joined().contains("unseen"))
    }
}
