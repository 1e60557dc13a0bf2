import Foundation
import Testing
import TestSupport

/// The demos, run for real by the built executable, as a user without any rights.
@Suite(.serialized) struct DemoTests {
    @Test func tcpEchoShowsHandshakeDataAndTeardown() throws {
        guard Machine.namespaces else { return Machine.cannot("demo tcp-echo without rights: no user namespaces") }
        let run = try Netprobe.runAsOrdinaryUser("demo", "tcp-echo")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "")
        let lines = run.output.split(separator: "\n").prefix { !$0.hasPrefix("Ladder") }.dropFirst().map(String.init)
        let flags = lines.compactMap { line in line.split(separator: " ").drop { $0 != "TCP" }.dropFirst().first.map(String.init) }
        #expect(flags.prefix(3) == ["SYN", "SYN+ACK", "ACK"])
        #expect(flags.filter { $0 == "FIN+ACK" }.count == 2)
        #expect(lines.filter { $0.contains("PSH+ACK") && $0.hasSuffix("len 12") }.count == 2)
        for call in ["socket(AF_INET, SOCK_STREAM)", "bind(127.0.0.1:65432)", "listen(1) → 0", "connect(127.0.0.1:65432)", "send(12 bytes)", "→ 12 bytes", "0 (end of stream)", "close("] {
            #expect(run.output.contains(call), "no \(call)")
        }
        #expect(run.output.contains("SYN-ACK  packet 2"))
        #expect(run.output.contains("is left in TIME-WAIT"))
        #expect(run.output.contains("12 bytes came back as they were sent: Hello, world"))
        #expect(!run.output.contains("incorrect"))
    }

    @Test func udpEchoHasTwoDatagramsAndNoHandshake() throws {
        guard Machine.namespaces else { return Machine.cannot("demo udp-echo without rights: no user namespaces") }
        let run = try Netprobe.runAsOrdinaryUser("demo", "udp-echo", "-6")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("UDP has no handshake"))
        #expect(run.output.contains("[::1]:65432"))
        #expect(run.output.contains("packets             2 (1 from the client, 1 from the server)"))
        #expect(run.output.contains("47 bytes came back as they were sent: This is the message. It will be repeated to me."))
    }

    @Test func compareSendsTheSameBothWays() throws {
        guard Machine.namespaces else { return Machine.cannot("demo compare: no user namespaces") }
        let run = try Netprobe.run("demo", "compare", "--message", "same\u{1B}[31m both", "--count", "2", "--no-ladder")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("TCP") && run.output.contains("4 (2 from the client, 2 from the server)"))
        #expect(run.output.contains(#"same\x1b[31m both"#))
        #expect(!run.output.contains("\u{1B}"))
        #expect(!run.output.contains("client calls"))
    }

    @Test func aFileKeepsPacketsAndCallsAndGivesTheSameLadder() throws {
        guard Machine.namespaces else { return Machine.cannot("demo --write: no user namespaces") }
        let folder = try TemporaryFolder()
        let file = folder.path("echo.pcapng")
        let demo = try Netprobe.runAsOrdinaryUser("demo", "compare", "--write", file, "--port", "7777")
        #expect(demo.status == 0, "\(demo.errors)")
        let ladder = try Netprobe.run("ladder", file)
        #expect(ladder.status == 0, "\(ladder.errors)")
        #expect(ladder.output.contains("client calls"))
        #expect(demo.output.contains(ladder.output), "the ladder of the file is not the demo's")
        let show = try Netprobe.run("show", file)
        #expect(show.status == 0, "\(show.errors)")
        #expect(demo.output.hasPrefix("Packets\n" + show.output), "the lines of the file are not the demo's")

        guard Machine.has("tshark") else { return Machine.cannot("that tshark reads the file: tshark is not installed") }
        let tshark = try Netprobe.execute(["tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.number", "-e", "frame.comment", "-E", "occurrence=a"])
        #expect(tshark.status == 0, "\(tshark.errors)")
        for call in ["socket", "bind", "listen", "accept", "connect", "send", "recv", "sendto", "recvfrom", "close"] {
            #expect(tshark.output.contains(": \(call)("), "no \(call) in a comment")
        }
        let packets = show.output.split(separator: "\n").count
        #expect(tshark.output.split(separator: "\n").count == packets)
    }

    @Test func ndjsonIsOneObjectALine() throws {
        guard Machine.namespaces else { return Machine.cannot("demo --ndjson: no user namespaces") }
        let run = try Netprobe.run("demo", "tcp-echo", "--ndjson")
        #expect(run.status == 0, "\(run.errors)")
        var types: [String: Int] = [:]
        for line in run.output.split(separator: "\n") {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            types[try #require(object["type"] as? String), default: 0] += 1
        }
        #expect(types["packet"] == 10)
        #expect(types["handshake"] == 1)
        #expect(types["account"] == 1)
        #expect((types["call"] ?? 0) >= 12)
    }

    @Test func aLargeMessageComesBackWhole() throws {
        guard Machine.namespaces else { return Machine.cannot("demo with a large message: no user namespaces") }
        let run = try Netprobe.run("demo", "tcp-echo", "--no-ladder", "--message", String(repeating: "0123456789", count: 12_000))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("120000 bytes came back as they were sent"))
    }

    @Test(arguments: [
        (["demo"], "Name a demo: tcp-echo"), (["demo", "nonesuch"], "There is no demo 'nonesuch'"), (["demo", "tcp-echo", "--count", "0"], "--count"),
        (["demo", "tcp-echo", "--message", ""], "--message"), (["demo", "tcp-echo", "--port", "70000"], "--port"), (["demo", "tcp-echo", "--port", "0"], "--port"), (["nonesuch"], "nonesuch"),
    ])
    func wrongUsageIsTold(arguments: [String], message: String) throws {
        let run = try Netprobe.execute([Netprobe.path] + arguments)
        #expect(run.status == 64)
        #expect(run.output == "")
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test func listNamesEveryDemo() throws {
        let run = try Netprobe.run("demo", "--list")
        #expect(run.status == 0)
        #expect(run.output.split(separator: "\n").map { $0.split(separator: " ").first ?? "" } == ["tcp-echo", "udp-echo", "compare"])
    }

    @Test func aDatagramThatIsTooLongIsExplained() throws {
        guard Machine.namespaces else { return Machine.cannot("demo with a long datagram: no user namespaces") }
        let run = try Netprobe.run("demo", "udp-echo", "--message", String(repeating: "x", count: 65_508))
        #expect(run.status == 2)
        #expect(run.errors.contains("EMSGSIZE"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func aFileThatCannotBeWrittenIsNamed() throws {
        guard Machine.namespaces else { return Machine.cannot("demo --write to nowhere: no user namespaces") }
        let run = try Netprobe.run("demo", "tcp-echo", "--write", "/nonexistent/echo.pcapng")
        #expect(run.status == 2)
        #expect(run.errors.contains("/nonexistent/echo.pcapng"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }
}
