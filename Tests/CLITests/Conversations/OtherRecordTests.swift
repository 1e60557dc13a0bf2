import Foundation
import TestSupport
import Testing

/// Custom blocks and journal entries have numbers, as in Wireshark, and are counted as no packets, as in capinfos.
@Suite struct OtherRecordTests {
    private func capture(in folder: TemporaryFolder) throws -> String {
        var file = FileBytes()
        file.section()
        file.interface(snaplen: 65_535)
        let (client, server) = (EchoExchange.client, EchoExchange.server)
        let entry = "__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=hello\n"
        for (index, packet) in [
            TestPacket.udp(client, server, payload: [1]), TestPacket.udp(server, client, payload: [2]),
        ].enumerated() {
            // A custom block with an enterprise's number and four bytes, and an entry of a journal.
            file.block(0xbad) { $0.add([0, 0, 0, 1, 2, 3, 4, 5]) }
            file.enhancedPacket(interface: 0, time: UInt64(1_700_000_000_000_000 + index * 1000), packet)
            file.block(9) { $0.add(Array(entry.utf8)) }
        }
        let path = folder.path("other.pcapng")
        try Data(file.bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func theyAreNotCounted() throws {
        let folder = try TemporaryFolder()
        let file = try capture(in: folder)
        #expect(try Netprobe.run("show", "--count", file).output == "2\n")
        let lines = try Netprobe.run("show", "--number", file).output.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(try Netprobe.run("flows", file).output.contains("total: 1 flow; 2 packets, 86 bytes\n"))
        let stats = try Netprobe.run("stats", file).output
        #expect(stats.contains("2 packets, 86 bytes on the wire") && stats.contains("smallest 43"))
        let story = try Netprobe.run("explain", file).output
        #expect(story.contains("packets 2 to 5: In all"))
        #expect(try Netprobe.run("ladder", file).output.contains("2 ── UDP"))
        #expect(try Netprobe.run("report", file, "-o", "-").output.contains("<dt>packets</dt><dd>2</dd>"))
    }
}
