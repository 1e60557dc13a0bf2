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
        try expectGolden(rendered { AccountText.writeComparison([("TCP", account), ("UDP", account)], to: &$0) }, "comparison.txt")
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1_000, "1 µs"), (61_499, "61 µs"), (999_499, "999 µs"), (999_999, "0.99 ms"), (1_250_000, "1.25 ms"), (1_005_000, "1.00 ms"),
        (3_002_000_000, "3.002 s"), (-5_000, "-5 µs"),
    ] as [(Int64, String)])
    func spelled(nanoseconds: Int64, text: String) { #expect(DurationText.text(nanoseconds: nanoseconds) == text) }
}
