import Foundation
import TestSupport
import Testing

/// The demos, run for real by the built executable, as a user without any rights.
@Suite(.serialized) struct DemoTests {
    @Test(.needs(.namespaces)) func tcpEchoShowsHandshakeDataAndTeardown() throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", "tcp-echo", "--packets")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors == "")
        #expect(run.output.hasPrefix("What happened\n✓ 12 bytes came back"))
        let lines = run.section("Packets").split(separator: "\n").dropFirst().map(String.init)
        let flags = lines.compactMap { line in
            line.split(separator: " ").drop { $0 != "TCP" }.dropFirst().first.map(String.init)
        }
        #expect(flags.prefix(3) == ["SYN", "SYN+ACK", "ACK"])
        #expect(flags.filter { $0 == "FIN+ACK" }.count == 2)
        #expect(lines.filter { $0.contains("PSH+ACK") && $0.hasSuffix(#"len 12 "Hello, world""#) }.count == 2)
        for call in [
            "socket(AF_INET, SOCK_STREAM)", "bind(127.0.0.1:65432)", "listen(1) → 0", "connect(127.0.0.1:65432)",
            "send(12 bytes)", "→ 12 bytes", "0 (end of stream)", "close(",
        ] {
            #expect(run.output.contains(call), "no \(call)")
        }
        #expect(run.output.contains("SYN-ACK  packet 2"))
        #expect(run.output.contains("is left in TIME-WAIT"))
        #expect(run.flowing.contains("as they were sent: Hello, world (there in packet 4, back in packet 6)."))
        #expect(!run.output.contains("incorrect"))
    }

    @Test(.needs(.namespaces)) func udpEchoHasTwoDatagramsAndNoHandshake() throws {
        let run = try Netprobe.runAsOrdinaryUser("demo", "udp-echo", "-6")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("UDP has no handshake"))
        #expect(run.output.contains("[::1]:65432"))
        #expect(run.output.contains("packets             2 (1 from the client, 1 from the server)"))
        #expect(
            run.flowing.contains(
                "47 bytes came back as they were sent: This is the message. It will be repeated to me.")
        )
    }

    @Test(.needs(.namespaces)) func compareSendsTheSameBothWays() throws {
        let run = try Netprobe.run("demo", "compare", "--message", "same\u{1B}[31m both", "--count", "2", "--no-ladder")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("TCP") && run.output.contains("4 (2 from the client, 2 from the server)"))
        #expect(run.output.contains(#"same\x1b[31m both"#))
        #expect(!run.output.contains("\u{1B}"))
        #expect(!run.output.contains("Ladder"))
    }

    @Test(.needs(.namespaces, .tshark)) func aFileKeepsPacketsAndCallsAndGivesTheSameLadder() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("echo.pcapng")
        let demo = try Netprobe.runAsOrdinaryUser(
            "demo", "compare", "--packets", "--no-data", "--write", file, "--port", "7777")
        #expect(demo.status == 0, "\(demo.errors)")
        let ladder = try Netprobe.run("ladder", "--whole", "--no-data", file)
        #expect(ladder.status == 0, "\(ladder.errors)")
        #expect(ladder.output.contains("b  udp.stream 0"))
        #expect(demo.output.contains(ladder.output), "the ladder of the file is not the demo's")
        let show = try Netprobe.run("show", file)
        #expect(show.status == 0, "\(show.errors)")
        #expect(demo.output.contains("\n\nPackets\n" + show.output), "the lines of the file are not the demo's")

        let tshark = try Netprobe.execute([
            "tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.number", "-e", "frame.comment", "-E",
            "occurrence=a",
        ])
        #expect(tshark.status == 0, "\(tshark.errors)")
        for call in ["socket", "bind", "listen", "accept", "connect", "send", "recv", "sendto", "recvfrom", "close"] {
            #expect(tshark.output.contains(": \(call)("), "no \(call) in a comment")
        }
        let packets = show.output.split(separator: "\n").count
        #expect(tshark.output.split(separator: "\n").count == packets)
    }

    @Test(.needs(.namespaces)) func ndjsonIsOneObjectALine() throws {
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

    @Test(.needs(.namespaces)) func aLargeMessageComesBackWhole() throws {
        let run = try Netprobe.run(
            "demo", "tcp-echo", "--no-ladder", "--message", String(repeating: "0123456789", count: 12_000))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("120000 bytes came back as they were sent"))
    }

    @Test(arguments: [
        (["demo"], "Name a demo: tcp-echo"), (["demo", "nonesuch"], "There is no demo 'nonesuch'"),
        (["demo", "tcp-echo", "--count", "0"], "--count"),
        (["demo", "tcp-echo", "--message", ""], "--message"), (["demo", "tcp-echo", "--port", "70000"], "--port"),
        (["demo", "tcp-echo", "--port", "0"], "--port"), (["nonesuch"], "nonesuch"),
        (["demo", "tcp-echo", "--count", "100001"], "between 1 and 100000"),
        (["demo", "tcp-echo", "--message", "a", "--message-file", "b"], "choose one"),
        (["demo", "tcp-echo", "--write", "-", "--ndjson"], "choose one"),
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
        let lines = run.output.split(separator: "\n")
        #expect(lines.first == "Services: a server and a client of the courses")
        let names = lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
            String($0.split(separator: " ").first ?? "")
        }
        #expect(names.count == Set(names).count)
        #expect(Set(names).isSuperset(of: ["tcp-echo", "udp-echo", "compare"]))
    }

    @Test(.needs(.namespaces)) func aDatagramThatIsTooLongIsExplained() throws {
        let run = try Netprobe.run("demo", "udp-echo", "--message", String(repeating: "x", count: 65_508))
        #expect(run.status == 2)
        #expect(run.errors.contains("EMSGSIZE"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test(.needs(.namespaces)) func aFileThatCannotBeWrittenIsNamedAndTheReportIsPrinted() throws {
        let run = try Netprobe.run("demo", "tcp-echo", "--write", "/nonexistent/echo.pcapng")
        #expect(run.status == 2)
        #expect(run.errors.contains("/nonexistent/echo.pcapng"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.output.contains("came back as they were sent"))
    }

    @Test(.needs(.namespaces)) func aMessageThatIsNotTextIsSentAsGiven() throws {
        let folder = try TemporaryFolder()
        // The shell makes the bytes: a Swift String cannot hold them.
        for option in [#"--message $'a\xff\xfeb'"#, #"--message=$'a\xff\xfeb'"#] {
            let run = try Netprobe.execute(
                ["bash", "-c", #""$NETPROBE" demo udp-echo --write out.pcapng \#(option)"#],
                environment: ["NETPROBE": Netprobe.path], folder: folder.url)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains(#"4 bytes came back as they were sent: a\xff\xfeb"#), "\(run.output)")
            #expect(try Netprobe.run("show", "-X", folder.path("out.pcapng")).output.contains("61ff fe62"))
        }
    }

    @Test(.needs(.namespaces)) func aMessageComesFromAFileOrStandardInput() throws {
        let folder = try TemporaryFolder()
        let text = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try text.write(to: URL(fileURLWithPath: folder.path("message")))
        for source in ["message", "- < message"] {
            let run = try Netprobe.execute(
                ["bash", "-c", "\"$NETPROBE\" demo tcp-echo --no-ladder --message-file \(source)"],
                environment: ["NETPROBE": Netprobe.path], folder: folder.url)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("300000 bytes came back as they were sent"))
        }
        let missing = try Netprobe.run("demo", "tcp-echo", "--message-file", "/nonexistent/message")
        #expect(missing.status == 2)
        #expect(missing.errors.contains("/nonexistent/message"))
    }

    @Test(.needs(.namespaces)) func standardOutputTakesTheFile() throws {
        let folder = try TemporaryFolder()
        let run = try Netprobe.execute(
            [
                "bash", "-c",
                #""$NETPROBE" demo tcp-echo --write - | "$NETPROBE" ladder -; echo "${PIPESTATUS[@]}"; [ ! -e ./- ]"#,
            ],
            environment: ["NETPROBE": Netprobe.path], folder: folder.url)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("connect(127.0.0.1:65432)") && run.output.hasSuffix("0 0\n"), "\(run.output)")
    }

    @Test(.needs(.namespaces)) func aNameThatEndsInPcapIsClassicPcap() throws {
        let folder = try TemporaryFolder()
        let run = try Netprobe.run("demo", "tcp-echo", "--no-ladder", "--write", folder.path("echo.pcap"))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("classic pcap has no place for socket calls"))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.path("echo.pcap"))).prefix(4)
                == Data([0x4d, 0x3c, 0xb2, 0xa1]))
        #expect(try Netprobe.run("show", "--count", folder.path("echo.pcap")).output.contains("10"))
    }

    @Test(.needs(.namespaces), arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
    func aSignalEndsADemoWithWhatItHadRecorded(signal: String, status: Int32) throws {
        let folder = try TemporaryFolder()
        // It takes three seconds. Signals come from where the process id is known: the demo keeps it into its
        // namespace. A shell in the background would have SIGINT ignored.
        let run = try Netprobe.execute(
            [
                "python3", "-c",
                """
                import os, signal, subprocess, sys, time
                run = subprocess.Popen([os.environ["NETPROBE"], "demo", "keepalive", "--write", "out.pcapng"], \
                stdout=open("out", "w"))
                deadline = time.monotonic() + 20
                def threads(): return len(os.listdir("/proc/%d/task" % run.pid))
                # The two programs and the thread that takes signals.
                while time.monotonic() < deadline and threads() < 4: time.sleep(0.01)
                time.sleep(0.3)
                run.send_signal(signal.SIG\(signal))
                status = run.wait(20)
                subprocess.run([os.environ["NETPROBE"], "show", "--count", "out.pcapng"], check=True)
                sys.exit(status)
                """,
            ], environment: ["NETPROBE": Netprobe.path], folder: folder.url)
        #expect(run.status == status, "\(run.errors)")
        #expect(run.errors.contains("ended by a signal"), "\(run.errors)")
        let report = try String(contentsOf: URL(fileURLWithPath: folder.path("out")), encoding: .utf8)
        #expect(report.contains("── SYN seq 0") && report.contains("connect(127.0.0.1:65432)"), "\(report)")
        #expect(!report.contains("What happened"))
        let ladder = try Netprobe.run("ladder", folder.path("out.pcapng"))
        #expect(report.contains(ladder.output) && !ladder.output.isEmpty)
    }

    @Test(.needs(.namespaces)) func aHandMadeEnvironmentIsNoNamespace() throws {
        for value in ["1", "net:[1]", "net:[1] 1"] {
            let run = try Netprobe.run("demo", "tcp-echo", "--write", "-", environment: ["NETPROBE_SANDBOX": value])
            #expect(run.status == 0, "\(run.errors)")
            // It made its namespace all the same: on the host's loopback the file would name a filter.
            #expect(!run.output.contains("portrange"))
        }
    }

    /// Programs called unshare that are found first: what a machine looks like on which namespaces are forbidden.
    @Test(arguments: [
        ("echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1", "Operation not permitted"),
        ("exec sleep 30", "did not end within 5 s"),
    ])
    func whereNamespacesAreForbiddenItSaysWhatIsMissing(unshare: String, reason: String) throws {
        let folder = try TemporaryFolder()
        try "#!/bin/sh\n\(unshare)\n".write(toFile: folder.path("unshare"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("unshare"))
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let run = try Netprobe.runAsOrdinaryUser(
            "demo", "tcp-echo", environment: ["PATH": "\(folder.url.path):\(path)"])
        #expect(run.status == 2)
        #expect(run.output == "")
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.errors.contains(reason) && run.errors.contains("no right to capture on lo"), "\(run.errors)")
        #expect(run.errors.contains("sudo "), "\(run.errors)")
    }

    @Test func doctorAndCaptureGiveOneCommand() throws {
        func command(_ text: String) -> String? {
            text.split(separator: "\n").first { $0.contains("setcap") }.flatMap { line in
                line.range(of: "sudo setcap").map { String(line[$0.lowerBound...]) }
            }
        }
        let doctor = try Netprobe.runAsOrdinaryUser("doctor")
        let capture = try Netprobe.runAsOrdinaryUser("capture", "-i", "lo", "-c", "1")
        #expect(capture.status == 2)
        // Each run is of a copy in a folder of its own.
        func plain(_ text: String?) -> String? { text?.split(separator: " ").prefix(3).joined(separator: " ") }
        #expect(
            plain(command(doctor.output)) == plain(command(capture.errors)) && command(doctor.output) != nil,
            "\(doctor.output) \(capture.errors)")
    }
}
