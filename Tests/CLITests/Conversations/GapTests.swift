import Addressing
import Foundation
import Packets
import TestSupport
import Testing

/// What a capture does not have is said first, and nothing is concluded from it.
@Suite struct GapTests {
    private static let packets: [[UInt8]] = {
        let (client, server) = (EchoExchange.client, EchoExchange.server)
        let text = Array("hello".utf8)
        return [
            TestPacket.tcp(client, server, .syn, seq: 1), TestPacket.tcp(server, client, [.syn, .ack], seq: 8, ack: 2),
            TestPacket.tcp(client, server, .ack, seq: 2, ack: 9),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 2, ack: 9, payload: text),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 2, ack: 9, payload: text),
            TestPacket.tcp(server, client, [.psh, .ack], seq: 9, ack: 7, payload: text),
            TestPacket.tcp(client, server, [.fin, .ack], seq: 7, ack: 14),
            TestPacket.tcp(server, client, [.fin, .ack], seq: 14, ack: 8),
            TestPacket.tcp(client, server, .ack, seq: 8, ack: 15),
        ]
    }()

    /// A pcapng file with counts of what was dropped: in a statistics block (5 by the interface, 7 by the system), or
    /// before its third packet.
    private func capture(counts: [UInt16: UInt64], before: UInt64?, in folder: TemporaryFolder) throws -> String {
        var file = FileBytes()
        file.section()
        file.interface(snaplen: 65_535)
        for (index, packet) in Self.packets.enumerated() {
            let options = index == 2 ? before.map { [FileBytes.Option(4, file.encoded($0))] } ?? [] : []
            file.enhancedPacket(
                interface: 0, time: UInt64(1_700_000_000_000_000 + index * 1000), options: options, packet)
        }
        if !counts.isEmpty {
            file.block(5, options: counts.sorted { $0.key < $1.key }.map { .init($0.key, file.encoded($0.value)) }) {
                $0.add([UInt8](repeating: 0, count: 12))
            }
        }
        let path = folder.path("gaps.pcapng")
        try Data(file.bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test func whatWasDroppedIsSaidFirst() throws {
        let folder = try TemporaryFolder()
        let file = try capture(counts: [5: 3, 7: 12], before: nil, in: folder)
        let start = "netprobe: \(file): packets were dropped while this was captured ("
        for command in [["explain"], ["flows"], ["handshakes"], ["ladder"], ["stats"]] {
            let run = try Netprobe.execute([Netprobe.path] + command + [file])
            #expect(run.errors.hasPrefix(start + "12 by the system, whose buffer was full, 3 by the interface)"))
        }
        #expect(try Netprobe.run("report", file, "-o", "-").output.contains(">\(file): packets were dropped"))
        #expect(try Netprobe.run("show", file).errors == "")
        let before = try capture(counts: [5: 0, 7: 0], before: 4, in: folder)
        #expect(try Netprobe.run("flows", before).errors.hasPrefix(start + "4 before packets that say so)"))
        let none = try capture(counts: [5: 0, 7: 0], before: .max, in: folder)
        #expect(try Netprobe.run("flows", none).errors == "")
    }

    /// Of a capture with one end's packets alone.
    @Test func oneDirectionIsSaidOnce() throws {
        let folder = try TemporaryFolder()
        for (name, port) in [("server", UInt8(43210 >> 8)), ("client", UInt8(65432 >> 8))] {
            let kept = Self.packets.filter { $0[34] == port }
            let timed = kept.enumerated().map { (microseconds: $0.offset * 250_000, bytes: $0.element) }
            let file = try TestCapture.pcap(at: timed, in: folder)
            let story = try Netprobe.run("explain", file).output.split(whereSeparator: \.isWhitespace)
                .joined(separator: " ")
            #expect(story.split(separator: "no packet of the \(name) is in it").count == 2, "\(story)")
            for conclusion in ["No acknowledgment", "no acknowledgment", "had not closed", "Nobody", "still open"] {
                #expect(!story.contains(conclusion), "\(name): \(conclusion)")
            }
            if name == "server" { #expect(story.contains("sent bytes 1–5 again")) }
        }
    }
}
