import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Demos between two hosts, run for real by the built executable, as a user without any rights.
@Suite struct TwoHostDemoTests {
    /// The pitfalls that are about one machine.
    static let ofOneHost = ["self-connect", "bind-address", "unix-echo"]

    @Test(.needs(.namespaces), arguments: [[], ["-6"]]) func tcpEchoBetweenTwoHosts(family: [String]) throws {
        let run = try Netprobe.runAsOrdinaryUser(["demo", "tcp-echo", "--packets", "--wire", "two-hosts"] + family)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "")
        let packets = run.section("Packets as they left their hosts")
        // Who has the address: ARP, or neighbour discovery.
        #expect(packets.contains(family.isEmpty ? "ARP" : "ICMPv6"), "\(packets)")
        #expect(
            packets.contains(family.isEmpty ? "> 10.0.0.2:65432 TCP SYN" : "> [fd00::2]:65432 TCP SYN"), "\(packets)")
        #expect(packets.contains("mss 1460") || packets.contains("mss 1440"))
        #expect(!run.output.contains("incorrect"))
        for words in [
            "client → server     6 packets, 0 lost", "server → client     ", "12 bytes came back as they were sent",
            "socket(", "accept() → ",
        ] {
            #expect(run.output.contains(words), "no \(words)")
        }
    }

    @Test(.needs(.namespaces, .program("capinfos"))) func aFileHasBothEndsAndGivesTheSameLadder() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("two.pcapng")
        let demo = try Netprobe.runAsOrdinaryUser(
            "demo", "compare", "--delay", "5ms", "--drop", "server datagram 9", "--write", file)
        #expect(demo.status == 0, "\(demo.errors)")
        let ladder = try Netprobe.run("ladder", "--whole", file)
        #expect(ladder.status == 0, "\(ladder.errors)")
        #expect(demo.output.contains(ladder.output), "the ladder of the file is not the demo's:\n\(ladder.output)")
        let one = try Netprobe.run("ladder", "--stream", "udp:0", file)
        #expect(one.status == 0 && one.output.contains("UDP") && !one.output.contains("SYN"), "\(one.output)")
        let svg = try Netprobe.run("ladder", "--format", "svg", file)
        #expect(svg.status == 0, "\(svg.errors)")
        #expect(XMLParser(data: Data(svg.output.utf8)).parse())
        #expect(svg.output.contains("10.0.0.2:65432"))
        let filtered = try Netprobe.run("ladder", file, "udp")
        #expect(filtered.status == 0 && !filtered.output.contains("SYN"), "\(filtered.output)")
        let client = try Netprobe.run("ladder", "--format", "markdown", "--stream", "0", file)
        #expect(client.status == 0, "\(client.errors)")
        #expect(client.output.split(separator: "\n").filter { $0.contains("SYN seq 0") }.count == 1, "\(client.output)")

        let info = try Netprobe.execute(["capinfos", file])
        #expect(info.output.contains("client eth0") && info.output.contains("server eth0"), "\(info.output)")
    }

    @Test(.needs(.namespaces)) func aLostSYNIsCrossedOutAndItsRepetitionExplained() throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", "tcp-echo", "--drop", "client SYN 1")
        #expect(run.status == 0, "\(run.errors)")
        let crosses = run.output.split(separator: "\n").filter { $0.contains("✗") }
        #expect(crosses.count == 1, "\(run.output)")
        #expect(crosses.first?.contains("SYN") ?? false)
        #expect(crosses.first?.contains("dropped by the script") ?? false)
        #expect(run.output.contains("sent again (timer, "))
    }

    @Test(.needs(.namespaces), arguments: PitfallTests.promises.filter { !ofOneHost.contains($0.demo) })
    func everyPitfallRunsBetweenTwoHosts(_ promise: PitfallTests.Promise) throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", promise.demo, "--packets", "--wire", "two-hosts")
        #expect(run.status == 0, "\(promise.demo): \(run.errors)")
        #expect(run.errors == "")
        let verdict = run.verdict
        #expect(verdict.hasPrefix("✓ "), "\(run.output)")
        // Every packet that it names is among the lines.
        let numbers = Set(
            run.section("Packets").split(separator: "\n").dropFirst().compactMap {
                $0.split(separator: " ").first.flatMap { Int($0) }
            })
        for match in verdict.matches(of: /packets? ([0-9]+)/) {
            #expect(Int(match.output.1).map { numbers.contains($0) } ?? false, "\(verdict)")
        }
    }

    /// The reset of an end that has sent nothing else has the number that the packet's line and Wireshark give it.
    @Test(.needs(.namespaces)) func aRefusalIsNumberedAsItsLineIs() throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", "refused", "--packets", "--wire", "two-hosts")
        #expect(
            run.output.contains("TCP RST+ACK seq 1 ack 1 ") && run.output.contains("RST+ACK seq 1 ack 1 ── "),
            "\(run.output)")
    }

    @Test(.needs(.namespaces)) func ndjsonTellsWhatCrossed() throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", "udp-loss", "--ndjson")
        #expect(run.status == 0, "\(run.errors)")
        var objects: [[String: Any]] = []
        for line in run.output.split(separator: "\n") {
            objects.append(try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]))
        }
        let crossings = objects.filter { $0["type"] as? String == "crossing" }
        #expect(crossings.count == 10)
        #expect(crossings.count { $0["lost"] as? Bool == true } == 2)
        #expect(crossings.allSatisfy { ($0["arrived"] as? [String])?.count == ($0["lost"] as? Bool == true ? 0 : 1) })
        let up = objects.first { $0["type"] as? String == "wire" && $0["from"] as? String == "client" }
        #expect(up?["packets"] as? Int == 10 && up?["lost"] as? Int == 2)
    }

    @Test(
        .needs(.namespaces),
        arguments: [
            "nagle", "accept-late", "byte-stream", "reset", "fin-vs-rst", "udp-refused", "half-close", "zero-window",
            "time-wait",
        ])
    func aSlowWireChangesNoVerdict(demo: String) throws {
        let run = try Netprobe.run("demo", demo, "--delay", "40ms", "--no-ladder")
        #expect(run.status == 0, "\(run.errors)\(run.output)")
    }

    @Test(arguments: ofOneHost) func whatIsAboutOneMachineSaysSo(demo: String) throws {
        let run = try Netprobe.run("demo", demo, "--wire", "two-hosts")
        #expect(run.status == 2)
        #expect(run.output == "")
        #expect(run.errors.contains("\(demo) does not run between two hosts: "))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        (["--wire", "three-hosts"], "--wire"), (["--delay", "-3ms"], "--delay"), (["--delay", "soon"], "40ms"),
        (["--jitter", "x"], "--jitter"),
        (["--loss", "101%"], "--loss"), (["--loss", "ten"], "10%"), (["--duplicate", "x"], "--duplicate"),
        (["--reorder", "200"], "--reorder"),
        (["--rate", "fast"], "1mbit"), (["--rate", "0"], "--rate"), (["--corrupt", "1e9"], "--corrupt"),
        (["--seed", "-1"], "--seed"),
        (["--drop", "somebody SYN 1"], "client or server"), (["--drop", "client SYN 0"], "numbered from 1"),
        (["--drop", ""], "client SYN 1"),
        (["--loss-up", "x"], "--loss-up"), (["--rate-down", "x"], "--rate-down"),
        (["--wire", "loopback", "--loss", "5%"], "--loss is for"),
        (["--wire", "two-hosts", "--host-network"], "--host-network"),
    ])
    func wrongValuesAreTold(arguments: [String], message: String) throws {
        let run = try Netprobe.execute([Netprobe.path, "demo", "tcp-echo"] + arguments)
        #expect(run.status == 64, "\(arguments): \(run.errors)")
        #expect(run.output == "")
        #expect(run.errors.contains(message), "\(arguments): \(run.errors)")
    }

    @Test func aDemoOfTheWireDoesNotRunOnLoopback() throws {
        let run = try Netprobe.execute([Netprobe.path, "demo", "tcp-loss", "--wire", "loopback"])
        #expect(run.status == 64)
        #expect(run.errors.contains("does not run on loopback"))
    }
}
