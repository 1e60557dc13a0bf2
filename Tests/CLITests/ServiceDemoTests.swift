import TestSupport
import Testing

/// The demos of the courses' programs: each run for real over IPv4 and IPv6, and judged by what was captured. tcp-echo,
/// udp-echo and compare are `DemoTests`'.
@Suite struct ServiceDemoTests {
    static let promises: [DemoPromise] = [
        DemoPromise(
            demo: "upper-tcp", packets: [("TCP SYN+ACK", 1), ("len 24", 2)],
            calls: [":12000) → 0", "send(24 bytes)", "→ 24 bytes"],
            sentence: ["INPUT LOWERCASE SENTENCE", "50 ms of quiet"]),
        DemoPromise(
            demo: "upper-udp", packets: [("UDP len 24", 2)], calls: ["recvfrom(", "sendto(24 bytes"],
            sentence: ["INPUT LOWERCASE SENTENCE"]),
        DemoPromise(
            demo: "greeting", packets: [("TCP SYN+ACK", 1), ("len 24", 1), ("FIN+ACK", 2)],
            calls: ["→ 24 bytes", "0 (end of stream)"],
            sentence: ["Thank you for connecting", "closed first"]),
        DemoPromise(
            demo: "adder", packets: [("TCP SYN seq 0", 1), ("len 5", 1), ("len 2", 1), ("len 36", 1)],
            calls: ["send(5 bytes)", "→ 2 bytes"],
            sentence: ["gave '90'", "'forty' is not a whole number", "'99999999999999999999'"]),
        DemoPromise(
            demo: "udp-sink", packets: [("UDP len 42", 2), ("port unreachable", 1)], calls: ["→ 42 bytes from"],
            sentence: ["cannot know"]),
        DemoPromise(
            demo: "udp-length", packets: [("UDP len 23", 1), ("UDP len 0", 1), ("UDP len 25", 1)],
            calls: ["→ 0 bytes from"],
            sentence: ["The msg was 23 bytes long", "The msg was 0 bytes long"]),
        DemoPromise(
            demo: "sixteen", packets: [("len 9", 1), ("len 7", 1), ("len 12", 1), ("len 3", 1)],
            calls: ["→ 9 bytes", "→ 7 bytes", "shutdown(SHUT_WR)"],
            sentence: ["Hello World!", "ended after 3 of 16 octets"]),
        DemoPromise(
            demo: "udp-backoff", packets: [("UDP len 23", 8), ("UDP len 25", 1)],
            calls: ["SO_RCVTIMEO, 0.1 seconds", "SO_RCVTIMEO, 1.6 seconds"],
            sentence: ["The msg was 23 bytes long", "gave up"]),
        DemoPromise(
            demo: "text-store", packets: [("TCP SYN+ACK", 2), ("len 26", 1), ("len 4", 2)], calls: ["send(26 bytes)"],
            sentence: ["'SET 19'", "keeps one text for all"]),
        DemoPromise(
            demo: "file", packets: [("TCP SYN+ACK", 2), ("TCP RST", 1)], calls: ["send(17 bytes)", "send(20 bytes)"],
            sentence: ["SHA-256"]),
        DemoPromise(
            demo: "chat", packets: [("TCP SYN+ACK", 3), ("len 11", 1), ("len 16", 2)],
            calls: ["send(11 bytes)", "send(16 bytes)"],
            sentence: ["'bob: hello, all'", "not to bob"]),
        DemoPromise(
            demo: "unix-echo", packets: [],
            calls: ["AF_UNIX, SOCK_STREAM", "AF_UNIX, SOCK_SEQPACKET", "AF_UNIX, SOCK_DGRAM", "12 bytes"],
            sentence: ["not one packet was captured"]),
    ]

    @Test(.needs(.namespaces), arguments: promises)
    func showsWhatItPromises(_ promise: DemoPromise) throws { try promise.check() }

    /// No packet can carry them: the section does.
    @Test(.needs(.namespaces)) func callsWithoutAnyPacketAreKept() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("unix.pcapng")
        let demo = try Netprobe.run("demo", "unix-echo", "--write", file)
        let ladder = try Netprobe.run("ladder", file)
        #expect(ladder.status == 0 && ladder.errors == "", "\(ladder.errors)")
        #expect(ladder.output.contains("AF_UNIX, SOCK_SEQPACKET"))
        #expect(demo.output.contains(ladder.output), "\(ladder.output)")
        #expect(try Netprobe.run("ladder", "--stream", "0", file).status == 1)
    }

    @Test func everyServiceHasItsDemo() throws {
        let services = try #require(try Netprobe.run("demo", "--list").output.split(separator: "\n\n").first)
        let names = services.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
            String($0.split(separator: " ")[0])
        }
        #expect(Set(names) == Set(Self.promises.map(\.demo) + ["tcp-echo", "udp-echo", "compare"]))
    }

    @Test(.needs(.namespaces)) func anotherMessageIsAnswered() throws {
        for (demo, message, answer) in [
            ("upper-tcp", "straße\nzwei", #"'STRASSE\x0aZWEI'"#), ("upper-udp", "abc", "'ABC'"),
            ("adder", "1,2,3", "gave '6'"),
            ("text-store", "x", "stored 'x'"), ("chat", "one\ntwo", "bob: two"),
        ] {
            let run = try Netprobe.run("demo", demo, "--no-ladder", "--message", message)
            #expect(run.status == 0 && run.output.contains(answer), "\(demo): \(run.output) \(run.errors)")
        }
    }

    /// Between two hosts with a lossy wire: what is said is about the copy that arrived, and no server waits for what
    /// was lost.
    @Test(
        .needs(.namespaces),
        arguments: [
            ["upper-tcp", "--loss", "40%", "--seed", "2"], ["udp-backoff", "--loss", "60%", "--seed", "4"],
            ["udp-sink", "--loss", "100%"],
        ])
    func lossyWires(arguments: [String]) throws {
        let run = try Netprobe.execute([Netprobe.path, "demo"] + arguments + ["--no-ladder"])
        if arguments[0] == "upper-tcp" {
            #expect(
                run.status == 0
                    && run.flowing.contains(/the answer left (5|6|7|8|9)[0-9](\.[0-9]+)? ms after it had come/),
                "\(run.output) \(run.errors)")
        } else {
            #expect(
                run.output.contains("What happened") && !run.errors.contains("did not end"),
                "\(run.output) \(run.errors)")
        }
    }

    @Test func whyNotOverIPv6() throws {
        #expect(try Netprobe.run("demo", "dual-stack", "-6").errors.contains("it runs over IPv6 and IPv4 at once"))
        #expect(try Netprobe.run("demo", "broadcast", "-6").errors.contains("IPv6 has no broadcast"))
    }

    @Test(.needs(.namespaces)) func aMessageThatIsTooLongIsTold() throws {
        let run = try Netprobe.run("demo", "chat", "--message", String(repeating: "x", count: 4097))
        #expect(run.status == 2)
        #expect(run.errors.contains("at most 4096 bytes"), "\(run.errors)")
    }

    @Test(.needs(.namespaces)) func byteStreamShowsTheRuler() throws {
        let run = try Netprobe.run("demo", "byte-stream", "--no-ladder")
        #expect(run.output.contains("→ 0        Hello, worldone, two, three"), "\(run.output)")
        #expect(run.output.contains("  send()   |      |    |15 bytes"), "\(run.output)")
        let folder = try TemporaryFolder()
        let file = folder.path("stream.pcapng")
        let demo = try Netprobe.run("demo", "byte-stream", "--write", file)
        let follow = try Netprobe.run("follow", "--ruler", file, "0")
        #expect(follow.status == 0 && demo.output.contains(follow.output), "\(follow.output)")
    }
}
