import Conversations
import Packets
import Rendering
import Synchronization
import Testing
import TestSupport
import Timeline

/// Runs a writer on a buffer and gives what came out.
func rendered(colours: Bool = false, _ write: (inout OutputBuffer) -> Void) -> String {
    let collected = Mutex<[UInt8]>([])
    var out = OutputBuffer(capacity: 100, colours: colours) { bytes in
        for offset in 0..<bytes.byteCount { collected.withLock { $0.append(bytes.uint8(at: offset)) } }
        return true
    }
    write(&out)
    out.flush()
    return String(decoding: collected.withLock { $0 }, as: UTF8.self)
}

@Suite struct LadderTextTests {
    private func ladder(columns: Int?) throws -> String {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        let diagram = SequenceDiagram(conversation, calls: EchoCalls.all)
        return rendered { LadderText(columns: columns).write(diagram, to: &$0) }
    }

    @Test func fourLanes() throws { try expectGolden(ladder(columns: nil), "ladder-wide.txt") }

    @Test func aNarrowTerminalIsNotExceeded() throws {
        let text = try ladder(columns: 80)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try expectGolden(text, "ladder-narrow.txt")
    }

    @Test func handshakeCard() throws {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        try expectGolden(rendered { HandshakeCard.write(conversation, to: &$0) }, "handshake.txt")
    }

    @Test func account() throws {
        let account = ConversationAccount(EchoExchange.packets)
        try expectGolden(rendered { AccountText.write(account, to: &$0) }, "account.txt")
        let udp = ConversationAccount(TestSupport.Scenario.udpEcho.packets)
        let text = rendered { AccountText.writeComparison([("TCP", account), ("UDP", udp)], to: &$0) }
        #expect(text.contains("10 (6 from the client, 4 from the server)   2 (1 from the client, 1 from the server)"))
        try expectGolden(text, "comparison.txt")
    }

    /// Ladder and card of everything that can happen to a connection, beside each other.
    @Test(arguments: TestSupport.Scenario.all)
    func scenarios(scenario: TestSupport.Scenario) throws {
        let conversations = scenario.conversations
        let calls = ConversationCalls(conversations, calls: scenario.calls)
        let text = rendered { out in
            for number in conversations.indices {
                LadderText(columns: nil).write(SequenceDiagram(number, of: conversations, calls), to: &out)
                HandshakeCard.write(conversations[number], to: &out)
                out.append("\n")
            }
            if !calls.others.isEmpty { LadderText(columns: nil).write(SequenceDiagram(calls: calls.others), to: &out) }
        }
        try expectGolden(text, "scenario-\(scenario.name).txt")
        for columns in [80, 60, 160] {
            for conversation in conversations {
                let text = rendered { LadderText(columns: columns).write(SequenceDiagram(conversation, calls: scenario.calls), to: &$0) }
                for line in text.split(separator: "\n") { #expect(line.count <= max(columns, 70), "\(columns): \(line)") }
            }
        }
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1_000, "1 µs"), (61_499, "61 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"), (999_999, "1.00 ms"), (1_250_000, "1.25 ms"), (1_004_999, "1.00 ms"), (1_005_000, "1.01 ms"),
        (999_994_999, "999.99 ms"), (999_995_000, "1.000 s"), (999_999_999, "1.000 s"), (1_999_499_999, "1.999 s"), (1_999_500_000, "2.000 s"),
        (.max, "9223372036.855 s"),
        (3_002_000_000, "3.002 s"), (-5_000, "-5 µs"),
    ] as [(Int64, String)])
    func spelled(nanoseconds: Int64, text: String) { #expect(DurationText.text(nanoseconds: nanoseconds) == text) }
}
