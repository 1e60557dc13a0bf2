import Addressing
import Foundation
import Packets
import TestSupport
import Testing

/// A capture whose times go back: told in the file's order, without a duration across the step, in every command.
@Suite struct ClockSetBackTests {
    private let hour = 3_600_000_000

    /// An echo whose times go back by an hour before packet `step` (from 1).
    private func capture(step: Int, in folder: TemporaryFolder) throws -> String {
        let packets = TestPacket.hello(EchoExchange.client, EchoExchange.server)
        let timed = packets.enumerated().map { index, bytes in
            (microseconds: index * 1000 - (index + 1 >= step ? hour : 0), bytes: bytes)
        }
        return try TestCapture.pcap(at: timed, in: folder)
    }

    private static let commands = [
        ["explain"], ["explain", "--ndjson"], ["handshakes"], ["ladder"], ["ladder", "--format", "svg"], ["stats"],
        ["stats", "--json"], ["flows"], ["flows", "--ndjson"], ["flows", "--csv"],
    ]

    /// No command tells a negative duration, or one of an hour, and each says once where times go back.
    @Test(arguments: 2...9)
    func nothingIsToldAcrossIt(step: Int) throws {
        let folder = try TemporaryFolder()
        let file = try capture(step: step, in: folder)
        let negative = try Regex("-[0-9.]+ ?(s|ms|µs|ns)\\b")
        for command in Self.commands {
            let run = try Netprobe.execute([Netprobe.path] + command + [file])
            #expect(run.status == 0, "\(command)")
            #expect(
                run.errors.hasPrefix(
                    "netprobe: \(file): times go back by 3599.999 s between packets \(step - 1) and \(step): "),
                "\(command)")
            #expect(run.output.firstMatch(of: negative) == nil, "\(command)")
            for text in ["3599.9", "3599996", "3599999000000", "_ns\":-"] {
                #expect(!run.output.contains(text), "\(command) \(text)")
            }
        }
    }

    @Test func theFileOrdersRowsAndStories() throws {
        let folder = try TemporaryFolder()
        let file = try capture(step: 5, in: folder)
        let ladder = try Netprobe.run("ladder", file).output
        let rows = ladder.split(separator: "\n").map(String.init)
        #expect(rows[1].contains("SYN seq 0") && rows[9].contains("FIN+ACK") && rows[5].contains("times go back here"))
        let story = try Netprobe.run("explain", file).output
        #expect(story.contains("packet 4: The client sent 5 bytes. Packet 5 acknowledged it."))
        #expect(story.contains("in a time that is not known"))
        #expect(try Netprobe.run("handshakes", file).output.contains("Handshake round trip: 2.00 ms"))
        #expect(try !Netprobe.run("handshakes", capture(step: 3, in: folder)).output.contains("round trip"))
    }
}
