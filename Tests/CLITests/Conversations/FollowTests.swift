import Addressing
import Foundation
import Packets
import TestSupport
import Testing

/// follow on captures where segments are missing, come twice, or overlap with other content.
@Suite struct FollowTests {
    private let client = Endpoint(.v4(.loopback), 40000)
    private let server = Endpoint(.v4(.loopback), 7007)

    private func capture(_ packets: [[UInt8]], in folder: TemporaryFolder) throws -> String {
        try TestCapture.pcap(packets, in: folder)
    }

    private func sent(_ sequence: UInt32, _ text: String) -> [UInt8] {
        TestPacket.tcp(client, server, [.psh, .ack], seq: sequence, ack: 501, payload: Array(text.utf8))
    }

    private var opening: [[UInt8]] {
        [
            TestPacket.tcp(client, server, .syn, seq: 100),
            TestPacket.tcp(server, client, [.syn, .ack], seq: 500, ack: 101),
            TestPacket.tcp(client, server, .ack, seq: 101, ack: 501),
        ]
    }

    @Test func repetitionsOverlapsAndGapsAreNamed() throws {
        let folder = try TemporaryFolder()
        let file = try capture(
            opening + [
                sent(101, "one "), sent(109, "three"), sent(107, "X t"), sent(101, "one "), sent(105, "tw"),
                // Bytes 13 to 22 are not captured; the server acknowledges them.
                sent(124, "end"), TestPacket.tcp(server, client, .ack, seq: 501, ack: 127),
            ], in: folder)
        let run = try Netprobe.run("follow", file, "0")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output == """
                tcp.stream 0: client 127.0.0.1:40000 → server 127.0.0.1:7007
                → one twX three
                → [10 bytes not captured, seen from packet 9]
                → end
                → [packet 6 brought 1 byte from position 8 again]
                → [packet 7 brought 4 bytes from position 0 again]

                """)
    }

    /// A segment that brings old bytes on both sides of a gap that it fills: only those came again.
    @Test func aFilledGapIsNoRepetition() throws {
        let folder = try TemporaryFolder()
        let file = try capture(opening + [sent(101, "ab"), sent(105, "ef"), sent(101, "abcdefgh")], in: folder)
        let run = try Netprobe.run("follow", file, "0")
        #expect(
            run.output == """
                tcp.stream 0: client 127.0.0.1:40000 → server 127.0.0.1:7007
                → abcdefgh
                → [packet 6 brought 2 bytes from position 0 again]
                → [packet 6 brought 2 bytes from position 4 again]

                """)
    }

    @Test func otherContentIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = try capture(opening + [sent(103, "345"), sent(101, "12xyz6")], in: folder)
        let run = try Netprobe.run("follow", file, "0", "--client")
        #expect(run.output.contains("→ 123456\n"))
        #expect(
            run.output.contains(
                "→ [packet 5 brought 3 bytes from position 2 again, with other content: what came first stands]"))
        #expect(try Netprobe.run("follow", "--raw", file, "0").output == "123456")
    }

    /// Text that would act on a terminal is spelled out, in every style but --raw.
    @Test(arguments: [[], ["--hex"], ["--ruler"]])
    func nothingActsOnTheTerminal(style: [String]) throws {
        let folder = try TemporaryFolder()
        let file = try capture(opening + [sent(101, "a\u{1b}[2J\u{202e}b")], in: folder)
        let run = try Netprobe.execute([Netprobe.path, "follow"] + style + [file, "0"])
        #expect(run.status == 0)
        #expect(!run.output.contains("\u{1b}"))
        #expect(!run.output.contains("\u{202e}"))
    }
}
