import Foundation
import TestSupport
import Testing

/// `netprobe show`, run for real on the recorded demos.
@Suite struct ShowTests {
    private static func capture(_ name: String) -> String {
        Netprobe.project.appendingPathComponent("captures/\(name)").path
    }
    private let tcp = Self.capture("tcp-echo.pcapng")
    private let udp = Self.capture("udp-echo.pcapng")

    private func expect(_ run: Netprobe.Run, _ status: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
        if status == 0 { #expect(run.errors == "", sourceLocation: sourceLocation) }
    }

    /// What was typed comes back in messages, ArgumentParser's too, escaped and only once.
    @Test func whatWasTypedIsEscaped() throws {
        let wrong = try Netprobe.run("show", "--color", "\u{1B}[31m", Self.capture("tcp-echo.pcapng"))
        #expect(wrong.status == 64)
        #expect(wrong.errors.hasPrefix("Error: The value '\\x1b[31m' is invalid"))
        let missing = try Netprobe.run("show", "/no\u{1B}/\u{202E}x")
        #expect(missing.errors == "netprobe: /no\\x1b/\\xe2\\x80\\xaex: cannot be opened: No such file or directory\n")
    }

    @Test func aDisplayFilterIsRecognised() throws {
        let run = try Netprobe.run("show", Self.capture("tcp-echo.pcapng"), "tcp.port", "==", "80")
        #expect(run.status == 2)
        #expect(run.errors.contains("(this is a display filter: -Y 'tcp.port == 80')"))
        #expect(try Netprobe.run("show", "--count", "-Y", " ", Self.capture("tcp-echo.pcapng")).output == "10\n")
    }

    @Test func fields() throws {
        let run = try Netprobe.run(
            "show", "-T", "fields", "-e", "frame.number", "-e", "tcp.flags", "-E", "header=y", "-c", "2", tcp)
        expect(run, 0)
        #expect(run.output == "frame.number\ttcp.flags\n1\t0x0002\n2\t0x0012\n")
    }

    @Test func oneCaptureAtATime() throws {
        let run = try Netprobe.run("show", tcp, udp)
        expect(run, 2)
        #expect(run.errors.contains("udp-echo.pcapng: is a file, not a filter; name one capture at a time"))
    }

    @Test func aCostlyPatternIsRefused() throws {
        let run = try Netprobe.run("show", "-Y", "frame matches \"a++\"", tcp)
        expect(run, 2)
        #expect(run.errors.contains("possessive"))
    }

    /// A pcapng file with a packet and a Custom Block: the copy has the packet, and says what it has not.
    @Test func whatACopyLeavesOutIsTold() throws {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            word(type) + word(UInt32(body.count + 12)) + body + word(UInt32(body.count + 12))
        }
        let bytes =
            block(0x0a0d_0d0a, word(0x1a2b_3c4d) + [1, 0, 0, 0] + word(.max) + word(.max))
            + block(1, [1, 0, 0, 0] + word(0))
            + block(3, word(4) + [1, 2, 3, 4]) + block(0xbad, word(32473) + [1, 2, 3, 4])
        let folder = try TemporaryFolder()
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path("a.pcapng")))
        let run = try Netprobe.run("show", "-w", folder.path("b.pcap"), folder.path("a.pcapng"))
        #expect(run.status == 0)
        #expect(run.errors.contains("1 of 2 records not written: journal entries and custom blocks"), "\(run.errors)")
        #expect(run.errors.contains("1 packet has no time"))
        #expect(try Netprobe.run("show", "--count", folder.path("b.pcap")).output == "1\n")
        // In pcapng there is room for a block that may be copied.
        let whole = try Netprobe.run("show", "-w", folder.path("b.pcapng"), folder.path("a.pcapng"))
        #expect(whole.status == 0)
        #expect(!whole.errors.contains("not written"), "\(whole.errors)")
        #expect(try Netprobe.run("show", folder.path("b.pcapng")).output.split(separator: "\n").count == 2)
    }

    @Test func filters() throws {
        let syns = try Netprobe.run("show", "--count", "-Y", "tcp.flags.syn == 1", tcp)
        expect(syns, 0)
        #expect(syns.output == "2\n")
        let both = try Netprobe.run("show", "-#", "-t", "-Y", "tcp.len > 0", tcp, "tcp", "dst", "port", "65432")
        expect(both, 0)
        #expect(both.output.split(separator: "\n").count == 1)
        let none = try Netprobe.run("show", "-Y", "udp", tcp)
        expect(none, 1)
        #expect(none.output == "" && none.errors == "")
        expect(try Netprobe.run("show", tcp, "udp"), 1)
        #expect(try Netprobe.run("show", "--count", tcp, "udp").output == "0\n")
    }

    @Test func whatIsWrongIsToldOnOneLineAndACaret() throws {
        let filter = try Netprobe.run("show", "-Y", "tcp.port == 70000", tcp)
        expect(filter, 2)
        #expect(
            filter.errors == """
                netprobe: display filter: "70000" is too big for this field, the largest is 65535
                    tcp.port == 70000
                                ^~~~~

                """)
        let field = try Netprobe.run("show", "-T", "fields", "-e", "ip.sorc", tcp)
        expect(field, 2)
        #expect(field.errors == "netprobe: no field is called \"ip.sorc\": did you mean ip.src?\n")
        let bpf = try Netprobe.run("show", tcp, "port", "port")
        expect(bpf, 2)
        #expect(bpf.errors.contains("does not compile"))
        let missing = try Netprobe.run("show", "/nonexistent.pcap")
        expect(missing, 2)
        #expect(missing.errors.contains("/nonexistent.pcap"))
        expect(try Netprobe.run("show"), 64)
        expect(try Netprobe.run("show", "--nonsense", tcp), 64)
    }

    @Test func treesBytesAndBoxes() throws {
        let tree = try Netprobe.run("show", "-v", "-c", "1", tcp)
        expect(tree, 0)
        #expect(tree.output.contains("Transmission Control Protocol, Src Port: "))
        let comments = try Netprobe.run("show", "-v", udp)
        #expect(comments.output.contains("frame.comment"))
        let boxes = try Netprobe.run("show", "--headers", "-XX", "-c", "1", tcp)
        expect(boxes, 0)
        #expect(boxes.output.contains("|          Source port          |"))
        #expect(boxes.output.contains("\t0x0000:  0000 0000 0000"))
    }

    @Test func json() throws {
        let lines = try Netprobe.run("show", "-T", "ndjson", tcp)
        expect(lines, 0)
        for line in lines.output.split(separator: "\n") { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let document = try Netprobe.run("show", "-T", "json", "-c", "2", tcp)
        let packets = try #require(try JSONSerialization.jsonObject(with: Data(document.output.utf8)) as? [Any])
        #expect(packets.count == 2)
        // Among all fields of its layer tshark puts colons between bytes, and nothing where a field is merely there.
        let data = try Netprobe.run("show", "-T", "json", "-Y", "tcp.len > 0", "-c", "1", tcp)
        #expect(data.output.contains("\"tcp.payload\": \"48:65:6c:6c:6f"), "\(data.output)")
        #expect(data.output.contains("\"tcp.analysis\": \"\""))
        let chosen = try Netprobe.run(
            "show", "-T", "json", "-Y", "tcp.len > 0", "-c", "1", "-e", "tcp.payload", "-e", "tcp.analysis", tcp)
        #expect(
            chosen.output.contains("\"tcp.payload\": [\"48656c6c6f")
                && chosen.output.contains("\"tcp.analysis\": [\"1\"]"), "\(chosen.output)")
    }

    @Test func copiesKeepCommentsAndCounts() throws {
        let folder = try TemporaryFolder()
        let copy = folder.path("copy.pcapng")
        expect(try Netprobe.run("show", "-w", copy, "-Y", "udp", udp), 0)
        let fields = [
            "show", "-T", "fields", "-e", "frame.comment", "-e", "frame.interface_name", "-e", "frame.time_epoch",
        ]
        #expect(
            try Netprobe.execute([Netprobe.path] + fields + [copy]).output
                == Netprobe.execute([Netprobe.path] + fields + [udp]).output)
        let classic = folder.path("copy.pcap")
        expect(try Netprobe.run("show", "-w", classic, tcp), 0)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: classic))
        #expect([0xa1b2_3c4d, 0x4d3c_b2a1].contains(bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }))
        let onto = try Netprobe.run("show", "-w", copy, copy)
        expect(onto, 2)
        #expect(try Netprobe.run("show", "--count", copy).output == "2\n")
        expect(try Netprobe.run("show", "-w", "/nonexistent/x.pcapng", tcp), 2)
    }

    @Test func standardInputGzipAndClosedPipes() throws {
        let folder = try TemporaryFolder()
        let zipped = folder.path("a.pcapng.gz")
        let shell = try Netprobe.execute([
            "sh", "-c", "gzip -c '\(tcp)' > '\(zipped)' && '\(Netprobe.path)' show --count - < '\(zipped)'",
        ])
        #expect(shell.output == "10\n", "\(shell.errors)")
        let head = try Netprobe.execute(["bash", "-c", "set -o pipefail; '\(Netprobe.path)' show '\(tcp)' | head -n 1"])
        #expect(head.status == 0 && head.output.split(separator: "\n").count == 1 && head.errors == "")
    }

    @Test func everythingBeforeADamageIsShown() throws {
        let folder = try TemporaryFolder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: tcp))
        let cut = folder.path("cut.pcapng")
        try whole.prefix(whole.count - 700).write(to: URL(fileURLWithPath: cut))
        let run = try Netprobe.run("show", cut)
        expect(run, 2)
        #expect(!run.output.isEmpty && run.output.hasSuffix("\n"))
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.contains("at byte "))
        let json = try Netprobe.run("show", "-T", "json", cut)
        _ = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        #expect(json.status == 2)
    }

    @Test func coloursObeyTheOptionAndTheEnvironment() throws {
        #expect(try !Netprobe.run("show", "-c", "1", tcp).output.contains("\u{1B}"))
        #expect(try Netprobe.run("show", "-c", "1", "--color", "always", tcp).output.contains("\u{1B}[32m"))
        #expect(try !Netprobe.run("show", "-c", "1", "--color", "never", tcp).output.contains("\u{1B}"))
    }

    @Test func fieldsAreListed() throws {
        let all = try Netprobe.run("fields")
        expect(all, 0)
        for name in ["tcp.srcport", "ip.src", "frame.time_epoch", "eth.type", "udp.length"] {
            #expect(all.output.contains("\n\(name) "), "\(name)")
        }
        #expect(!all.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
        #expect(try Netprobe.run("fields", "mss").output.hasPrefix("tcp.options.mss_val"))
        expect(try Netprobe.run("fields", "no such thing"), 1)
    }

    /// The same on the installed tshark: what `-T fields` prints and what `-Y` lets through.
    @Test(.needs(.tshark)) func agreesWithTshark() throws {
        let fields = [
            "frame.number", "frame.time_epoch", "eth.type", "ip.src", "ip.flags.df", "ip.id", "tcp.port", "tcp.flags",
            "tcp.flags.syn", "tcp.seq", "tcp.ack",
            "tcp.len", "tcp.options.timestamp.tsval", "udp.port", "udp.length", "frame.protocols",
        ].flatMap { ["-e", $0] }
        for file in [tcp, Self.capture("tcp-echo-ipv6.pcapng")] {
            for filter in [
                "tcp", "tcp.flags.syn == 1", "tcp.port != 65432", "tcp.len > 0 && !tcp.flags.reset",
                "frame.number in {2, 4..6}", "tcp[13] & 1", "frame contains \"Hello\"",
            ] {
                let theirs = try Netprobe.execute(["tshark", "-n", "-r", file, "-Y", filter, "-T", "fields"] + fields)
                let ours = try Netprobe.execute(
                    [Netprobe.path, "show", "-Y", filter, "-T", "fields"] + fields + [file])
                #expect(ours.output == theirs.output, "\(filter)")
            }
        }
    }
}
