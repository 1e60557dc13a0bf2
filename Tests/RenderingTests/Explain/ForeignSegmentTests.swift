import Addressing
import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

/// What does not belong to a connection does not move it (RFC 9293 section 3.10.7, RFC 5961): a connection into which
/// other segments were mixed is told as without them, and each of those besides.
@Suite struct ForeignSegmentTests {
    /// A connection with data both ways, of which one segment is sent twice.
    private static var connection: WrittenCapture {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [UInt8](repeating: 1, count: 700))
        capture.server(40, .ack, seq: 1, ack: 701)
        capture.server(50, [.psh, .ack], seq: 1, ack: 701, payload: [UInt8](repeating: 2, count: 300))
        capture.client(60, .ack, seq: 701, ack: 301)
        capture.client(70, [.psh, .ack], seq: 701, ack: 301, payload: WrittenCapture.segment)
        capture.client(900, [.psh, .ack], seq: 701, ack: 301, payload: WrittenCapture.segment)
        capture.server(910, .ack, seq: 301, ack: 1701)
        capture.farewell(920, client: 1701, server: 301)
        return capture
    }

    private struct Told: Equatable {
        var flow: String
        var states: [String]
        var story: [String]
    }

    private func told(_ capture: WrittenCapture, foreign: Set<Int> = []) -> (told: Told, foreign: Int) {
        var tracker = FlowTracker(seed: 1)
        var collector = ConversationCollector()
        capture.read {
            tracker.take($0, $1, wireLength: $2.wireLength, number: $2.number, time: $2.timestamp)
            collector.take($0, $1, $2)
        }
        let record = tracker[0].record
        var states: [String] = []
        if let conversation = collector.conversations.first {
            for (packet, change) in zip(conversation.packets, conversation.changes)
            where !foreign.contains(packet.number) {
                states.append("\(packet.number) \(change) \(packet.marks.rawValue)")
            }
        }
        var json = StoryJSON(calls: [])
        // A SYN begins a story of its own.
        let lines = rendered { out in if let story = capture.stories.first { json.write(story, to: &out) } }
            .split(separator: "\n").map(String.init)
        let own = lines.filter { !$0.contains("\"event\":\"foreign\"") && !$0.contains("more_foreign") }
        let flow = "\(record.state(.tcp).name) \(record.history) \(String(describing: record.originatorClosedFirst))"
        return (Told(flow: flow, states: states, story: own), lines.count - own.count)
    }

    /// Mixes segments in, with numbers from 1000, that cannot belong to the connection.
    private func mixed(_ capture: WrittenCapture, seed: UInt64, isMixingSYNs: Bool) -> (
        capture: WrittenCapture, foreign: Set<Int>
    ) {
        var random = SplitMix64(seed: seed)
        var mixed = capture
        var foreign: Set<Int> = []
        for number in 1000..<1000 + Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 3...capture.packets.count, using: &random)
            mixed.insert(segment(&random, isMixingSYNs: isMixingSYNs), number: number, behind: place)
            foreign.insert(number)
        }
        return (mixed, foreign)
    }

    private func segment(_ random: inout SplitMix64, isMixingSYNs: Bool) -> [UInt8] {
        let isClients = Bool.random(using: &random)
        let (own, other) =
            isClients
            ? (WrittenCapture.clientISN, WrittenCapture.serverISN)
            : (WrittenCapture.serverISN, WrittenCapture.clientISN)
        let ends =
            isClients
            ? (WrittenCapture.client, WrittenCapture.server) : (WrittenCapture.server, WrittenCapture.client)
        let distance = UInt32.random(in: 1_000_000...1 << 29, using: &random)
        let kinds: [TCPFlags] = [.ack, [.psh, .ack], [.fin, .ack], .rst, [.rst, .ack]]
        // Beyond all that was sent, and within the window.
        let challenged = own &+ UInt32.random(in: 20_000...50_000, using: &random)
        var flags = kinds[Int.random(in: 0..<kinds.count, using: &random)]
        var (sequence, acknowledgment) = (own &- distance, other &+ 1)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: break
        case 4: (flags, sequence) = (.rst, challenged)
        case 5 where isMixingSYNs: (flags, sequence) = (.syn, own &+ distance)
        case 1: sequence = own &+ distance
        case 2 where !isClients: (flags, sequence, acknowledgment) = ([.syn, .ack], own &+ distance, other &+ 1)
        default: (sequence, acknowledgment) = (own &- distance, other &- distance)
        }
        return TestPacket.tcp(
            ends.0, ends.1, flags, seq: sequence, ack: flags.contains(.ack) ? acknowledgment : 0,
            payload: flags.contains(.psh) ? [1, 2, 3] : [], window: 500)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func aConnectionIsToldAsWithoutThem(seed: UInt64) {
        let plain = told(Self.connection)
        let (capture, foreign) = mixed(Self.connection, seed: seed, isMixingSYNs: false)
        let whole = told(capture, foreign: foreign)
        #expect(whole.told == plain.told)
        // Beyond the fourth of a kind and side they are told together.
        #expect(whole.foreign == foreign.count || foreign.count > 4 && whole.foreign > 0)
    }

    /// The same with SYNs among them, each of which begins a stream of its own that nobody answers.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func aConnectionIsToldAsWithoutSYNs(seed: UInt64) {
        let (capture, foreign) = mixed(Self.connection, seed: seed, isMixingSYNs: true)
        #expect(told(capture, foreign: foreign).told == told(Self.connection).told)
    }

    /// Losses and their repair are told the same, whatever is mixed in.
    @Test(arguments: WrittenCapture.all.map(\.name), 0..<20 as Range<UInt64>)
    func whatWasLostIsToldAsWithoutThem(name: String, seed: UInt64) throws {
        let plain = try #require(WrittenCapture.all.first { $0.name == name }).make()
        guard plain.packets.count > 4, plain.stories.first?.findings.first?.kind.rawValue == "opened",
            !plain.stories.contains(where: { $0.findings.contains { $0.kind.rawValue == "reset" } })
        else { return }
        let (capture, foreign) = mixed(plain, seed: seed, isMixingSYNs: true)
        #expect(told(capture, foreign: foreign).told == told(plain).told)
    }

    /// A RST far beyond the window is dropped (RFC 5961 section 3.2).
    @Test func aResetOutsideOfTheWindowEndsNothing() {
        var capture = WrittenCapture()
        capture.handshake()
        capture.server(30, .rst, seq: 3_000_000)
        capture.farewell(40, client: 1)
        #expect(told(capture).told.flow.hasPrefix("SF"))
    }

    /// A FIN of the ports' earlier connection does not close the new one.
    @Test func aLateFINClosesNothing() {
        var capture = WrittenCapture()
        capture.handshake()
        capture.server(25, [.fin, .ack], seq: 0 &- 795_000, ack: 1)
        capture.farewell(40, client: 1)
        #expect(told(capture).told.flow.hasSuffix("Optional(true)"))
        #expect(capture.explained().contains("earlier connection"))
    }

    /// Of two SYN-ACKs the one counts that the client acknowledges.
    @Test func theAcknowledgedAnswerCounts() {
        var capture = WrittenCapture()
        capture.client(0, .syn, seq: 0)
        capture.server(10, [.syn, .ack], seq: 900_000_000, ack: 1)
        capture.server(11, [.syn, .ack], seq: 0, ack: 1)
        capture.client(20, .ack, seq: 1, ack: 1)
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: [1])
        capture.farewell(40, client: 2)
        #expect(told(capture).told.flow.hasPrefix("SF"))
        #expect(!capture.explained().contains("out of order"))
    }

    /// Text in a RST says why (RFC 9293 section 3.5.3), and is no data of the connection.
    @Test func aResetMaySayWhy() throws {
        var capture = WrittenCapture()
        capture.handshake()
        capture.server(30, [.rst, .ack], seq: 1, ack: 1, payload: Array("go away".utf8))
        let story = try #require(capture.stories.first)
        let text = story.findings.map { SentenceText.text($0.sentence) }.joined(separator: " ")
        #expect(text.contains("says in it why (RFC 9293 section 3.5.3): \"go away\"."))
        #expect(text.contains("the server without data"))
    }

    /// A retransmission with other bytes is no retransmission.
    @Test func otherBytesUnderTheSameNumbersAreAConflict() throws {
        var capture = WrittenCapture()
        capture.handshake()
        capture.client(30, [.psh, .ack], seq: 1, ack: 1, payload: Array("0123456789".utf8))
        capture.client(330, [.psh, .ack], seq: 6, ack: 1, payload: Array("ABCDEFGHIJ".utf8))
        capture.server(340, .ack, seq: 1, ack: 16)
        let story = try #require(capture.stories.first)
        let kinds = story.findings.map(\.kind.rawValue)
        #expect(kinds.contains("conflicting_bytes") && !kinds.contains("retransmission"))
        #expect(
            story.findings.map { SentenceText.text($0.sentence) }.contains(
                """
                The client sent bytes 6–10 again, but as other bytes than packet 4 had: "ABCDE", which had been \
                "56789". The server keeps those that it has already (RFC 9293 section 3.10.7.4).
                """))
    }
}
