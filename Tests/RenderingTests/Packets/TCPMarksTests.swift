import Conversations
import Packets
import Rendering
import TestSupport
import Testing

@Suite struct TCPMarksTests {
    /// The marks of a line, without the line.
    private func marks(_ name: String) throws -> [String] {
        let scenario = try #require(WrittenCapture.all.first { $0.name == name }).make()
        var line = PacketLine(options: .init(), time: TimeColumn(.none, zone: { _ in 0 }))
        let text = rendered { out in scenario.read { line.write($0, $1, $2, to: &out) } }
        return text.split(separator: "\n").map {
            $0.firstIndex(of: "[").map { start in String(text[start...].prefix { $0 != "\n" }) } ?? ""
        }
    }

    /// The words and their order are those of tshark 4.0's Info column for the same packets.
    @Test(arguments: [
        ("timeout", 5, "[TCP Retransmission]"),
        ("fast-retransmission", 11, "[TCP Dup ACK 9#2]"),
        ("fast-retransmission", 13, "[TCP Fast Retransmission]"),
        ("out-of-order", 5, "[TCP Previous segment not captured]"),
        ("out-of-order", 6, "[TCP Out-Of-Order]"),
        ("spurious", 6, "[TCP Spurious Retransmission]"),
        ("closed-window", 5, "[TCP ZeroWindow]"),
        ("closed-window", 6, "[TCP ZeroWindowProbe]"),
        ("closed-window", 7, "[TCP ZeroWindow] [TCP ZeroWindowProbeAck]"),
        ("closed-window", 8, "[TCP Window Update]"),
        ("keep-alive", 6, "[TCP Keep-Alive]"),
        ("keep-alive", 7, "[TCP Keep-Alive ACK]"),
        ("gap", 6, "[TCP ACKed unseen segment]"),
        ("aborted", 4, ""),
    ])
    func lineHasItsMarks(name: String, packet: Int, expected: String) throws {
        let all = try marks(name)
        try #require(all.indices.contains(packet - 1))
        #expect(all[packet - 1].hasPrefix(expected), "\(all[packet - 1])")
        if expected.isEmpty { #expect(all[packet - 1].isEmpty) }
    }
}
