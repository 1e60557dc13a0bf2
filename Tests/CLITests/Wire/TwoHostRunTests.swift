import Foundation
import TestSupport
import Testing

/// Programs that others wrote, one on each host.
@Suite(.serialized) struct TwoHostRunTests {
    private static let programs = Netprobe.project.appendingPathComponent("Tests/Programs").path

    /// Runs netprobe as nobody, in a folder with the programs.
    private func run(_ arguments: String..., in folder: TemporaryFolder) throws -> Netprobe.Run {
        for name in ["sized_server.py", "sized_client.py", "echo_client.py"]
        where !FileManager.default.fileExists(atPath: folder.path(name)) {
            try FileManager.default.copyItem(atPath: "\(Self.programs)/\(name)", toPath: folder.path(name))
        }
        let named = arguments.map { $0.replacingOccurrences(of: "%", with: folder.url.path + "/") }
        let plain = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        return try Netprobe.runAsOrdinaryUser(["run"] + named, environment: plain)
    }

    @Test(.needs(.namespaces, .strace)) func aServerAndAClientOnHostsOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("run.pcapng")
        let run = try run(
            "--packets", "--wire", "two-hosts", "--write", file, "--server", "python3 %sized_server.py 10.0.0.2", "--",
            "python3",
            "%sized_client.py", "10.0.0.2", "3000",
            in: folder)
        #expect(run.status == 0, "\(run.errors)\(run.output)")
        #expect(run.output.contains("client│ arrived whole"))
        #expect(run.output.contains("Packets as they left their hosts"))
        #expect(run.output.contains("client 10.0.0.1:") && run.output.contains("server 10.0.0.2:7000"))
        for call in [
            "bind(10.0.0.2:7000) → 0", "accept4() …", "connect(10.0.0.2:7000)", "send(3000 bytes)", "shutdown(SHUT_WR)",
        ] {
            #expect(run.output.contains(call), "no \(call)")
        }
        #expect(run.verdict.hasPrefix("✓ Everything worked, "), "\(run.output)")
        let ladder = try Netprobe.run("ladder", file)
        #expect(ladder.status == 0 && run.output.contains(ladder.output), "\(ladder.output)")
    }

    @Test(.needs(.namespaces, .strace)) func whoNobodyCanReachAndWhatTheWireLost() throws {
        let folder = try TemporaryFolder()
        let local = try run(
            "--no-ladder", "--wire", "two-hosts", "--server", "python3 %sized_server.py 127.0.0.1", "--", "python3",
            "%sized_client.py", "10.0.0.2", "10",
            in: folder)
        #expect(
            local.flowing.contains("server waits at 127.0.0.1:7000, which only programs on its own host can reach"),
            "\(local.output)\(local.errors)")
        #expect(
            local.flowing.contains(
                "server: accept4() was still waiting when netprobe ended the program: nobody had connected."))
        let lost = try run(
            "--no-ladder", "--cards", "--loss-up", "100", "--timeout", "6", "--server",
            "python3 %sized_server.py 10.0.0.2", "--",
            "python3", "%sized_client.py",
            "10.0.0.2", "10", in: folder)
        // A busy machine may send the SYN once only in that time.
        let waiting =
            "client: connect(10.0.0.2:7000) was still waiting when netprobe ended the program: its SYN went out "
        let loss = /and no answer came: the wire lost packets? [0-9and ,]+ on (its|their) way to 10\.0\.0\.2\./
        #expect(lost.flowing.contains(waiting), "\(lost.output)\(lost.errors)")
        #expect(lost.flowing.contains(loss), "\(lost.output)\(lost.errors)")
        #expect(lost.output.contains("came to the client: no SYN-ACK"), "\(lost.output)")
    }

    @Test(.needs(.namespaces, .strace)) func aTransferThroughLossArrivesWhole() throws {
        let folder = try TemporaryFolder()
        let run = try run(
            "--no-calls", "--no-ladder", "--loss", "10", "--seed", "7", "--server", "python3 %sized_server.py 10.0.0.2",
            "--", "python3", "%sized_client.py",
            "10.0.0.2", "60000", in: folder)
        #expect(run.status == 0, "\(run.errors)\(run.output)")
        #expect(run.output.contains("client│ arrived whole"))
        let lost = run.output.matches(of: /: [0-9]+ packets, ([0-9]+) lost/).compactMap { Int($0.output.1) }
        #expect(lost.count == 2 && lost.reduce(0, +) > 0, "\(run.output)")
    }

    @Test(.needs(.namespaces, .strace)) func aFailedCallNamesThePacketThatTheOtherHostSent() throws {
        let folder = try TemporaryFolder()
        let run = try run(
            "--packets", "--wire", "two-hosts", "--", "python3", "%sized_client.py", "10.0.0.2", "10", in: folder)
        #expect(run.status == 1)
        let sentence = try #require(run.verdict.split(separator: "\n").first { $0.contains("ECONNREFUSED: packet") })
        let number = try #require(sentence.firstMatch(of: /packet ([0-9]+) \(RST\)/)?.output.1)
        #expect(
            run.output.split(separator: "\n").contains { $0.hasPrefix("\(number) ") && $0.contains("TCP RST+ACK") },
            "\(run.output)")
    }

    @Test(.needs(.namespaces, .strace)) func machinesReadWhenEachPacketLeftAndArrived() throws {
        let folder = try TemporaryFolder()
        let run = try run(
            "--ndjson", "--delay", "20ms", "--server", "python3 %sized_server.py 10.0.0.2", "--", "python3",
            "%sized_client.py", "10.0.0.2", "30", in: folder)
        #expect(run.status == 0, "\(run.errors)\(run.output)")
        let objects = try run.output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        let crossings = objects.filter { $0["type"] as? String == "crossing" }
        let packets = objects.filter { $0["type"] as? String == "packet" }
        #expect(crossings.count == packets.count && crossings.count >= 7, "\(run.output)")
        #expect(crossings.allSatisfy { ($0["arrived"] as? [String])?.count == 1 && $0["lost"] as? Bool == false })
        #expect(
            objects.filter { $0["type"] as? String == "wire" }.compactMap { $0["from"] as? String } == [
                "client", "server",
            ])
    }

    @Test(.needs(.namespaces, .strace)) func whoLooksForTheServerOnItsOwnHostIsTold() throws {
        let folder = try TemporaryFolder()
        let run = try run("--wire", "two-hosts", "--", "python3", "%echo_client.py", in: folder)
        #expect(run.status == 1)
        #expect(run.errors.contains("127.0.0.1 is its own host; the server's is 10.0.0.2"), "\(run.errors)")
    }

    @Test(arguments: [["--pid", "1"], ["--host-network"]]) func twoHostsAreNotThisMachine(arguments: [String]) throws {
        let run = try Netprobe.execute(
            [Netprobe.path, "run", "--wire", "two-hosts"] + arguments + (arguments.count == 1 ? ["--", "true"] : []))
        #expect(run.status == 64)
        #expect(run.errors.contains("choose one"), "\(run.errors)")
    }
}
