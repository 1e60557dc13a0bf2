import Foundation
import TestSupport
import Testing

/// A file is shown by several threads, and a part of one (`-c`) by one: the same must come out.
@Suite struct SharedPrintingTests {
    /// The demos' packets, so often that there are many batches.
    private static func manyPackets(tail: [UInt8] = []) throws -> (folder: TemporaryFolder, path: String) {
        let folder = try TemporaryFolder()
        var all = Data()
        for name in ["tcp-echo", "udp-echo", "tcp-echo-ipv6", "tcp-echo-three"] {
            let part = folder.path("part.pcap")
            let run = try Netprobe.run(
                "show", "-w", part, Netprobe.project.appendingPathComponent("captures/\(name).pcapng").path)
            #expect(run.status == 0, "\(run.errors)")
            let data = try Data(contentsOf: URL(fileURLWithPath: part))
            if all.isEmpty { all.append(data.prefix(24)) }
            all.append(data.dropFirst(24))
        }
        let records = all.dropFirst(24)
        for _ in 0..<150 { all.append(records) }
        all.append(contentsOf: tail)
        let path = folder.path("many.pcap")
        try all.write(to: URL(fileURLWithPath: path))
        return (folder, path)
    }

    @Test(arguments: [
        [], ["-#", "--link", "-S", "-tttt", "-X"], ["--headers", "--color", "always"],
        ["-T", "fields", "-E", "header=y", "-e", "frame.number", "-e", "tcp.stream", "-e", "tcp.seq"],
        ["-T", "ndjson", "-e", "ip.src", "-e", "udp.srcport"], ["-Y", "tcp.seq > 3 or udp"], ["-Y", "tcp.port == 1"],
    ])
    func manyThreadsWriteWhatOneWrites(options: [String]) throws {
        let (folder, path) = try Self.manyPackets()
        let shared = try Netprobe.execute([Netprobe.path, "show"] + options + [path])
        let alone = try Netprobe.execute([Netprobe.path, "show", "-c", "1000000000"] + options + [path])
        #expect(shared.status == alone.status)
        #expect(shared.errors == alone.errors)
        #expect(shared.output.isEmpty == options.contains("tcp.port == 1"))
        let (ours, theirs) = (shared.output.split(separator: "\n"), alone.output.split(separator: "\n"))
        #expect(ours.count == theirs.count)
        if let difference = zip(ours, theirs).first(where: { $0.0 != $0.1 }) { Issue.record("\(difference)") }
        withExtendedLifetime(folder) {}
    }

    @Test func whatIsBeforeADamageIsShown() throws {
        let (folder, path) = try Self.manyPackets(tail: [UInt8](repeating: 0xff, count: 40))
        let shared = try Netprobe.run("show", path)
        let alone = try Netprobe.run("show", "-c", "1000000000", path)
        #expect(shared.status == 2 && alone.status == 2)
        #expect(shared.errors == alone.errors)
        #expect(shared.output == alone.output)
        #expect(shared.output.utf8.count > 100_000)
        withExtendedLifetime(folder) {}
    }

    @Test func aClosedPipeEndsItQuietly() throws {
        let (folder, path) = try Self.manyPackets()
        let run = try Netprobe.execute([
            "sh", "-c", "{ \"$0\" show \"$1\"; echo status $? >&2; } | head -n 1", Netprobe.path, path,
        ])
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.errors == "status 0\n")
        withExtendedLifetime(folder) {}
    }
}
