import Addressing
import Foundation
import Packets
import TestSupport
import Testing

/// explain, stats, report, flows and follow as a user runs them.
@Suite struct ConversationCommandTests {
    private static let echo = Netprobe.project.appendingPathComponent("captures/tcp-echo.pcapng").path
    private static let three = Netprobe.project.appendingPathComponent("captures/tcp-echo-three.pcapng").path
    private static let compare = Netprobe.project.appendingPathComponent("captures/compare.pcapng").path

    @Test func explainTellsOneConversation() throws {
        let run = try Netprobe.run("explain", "--stream", "udp:0", Self.compare)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("udp.stream 0: "))
        #expect(!run.output.contains("tcp.stream"))
        let missing = try Netprobe.run("explain", "--stream", "7", Self.echo)
        #expect(missing.status == 1)
        #expect(missing.output.isEmpty)
        #expect(missing.errors.contains("has no tcp.stream 7"))
        #expect(try Netprobe.run("explain", "--stream", "x", Self.echo).status == 64)
    }

    /// A filter chooses packets; the calls that stand on others are still told.
    @Test func explainKeepsCallsBesideAFilter() throws {
        let run = try Netprobe.run("explain", Self.echo, "tcp[tcpflags] & tcp-syn != 0")
        #expect(run.status == 0)
        #expect(run.output.contains("client: connect("))
    }

    @Test func explainSpeaksJSON() throws {
        let run = try Netprobe.run("explain", "--ndjson", Self.echo)
        let events = try run.output.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(events.map { $0["event"] as? String } == ["opened", "agreed", "data", "data", "closed", "total"])
        #expect((events.first?["calls"] as? [String])?.contains { $0.hasPrefix("connect(") } == true)
    }

    @Test func statsCountAndPlot() throws {
        let run = try Netprobe.run("stats", Self.three)
        #expect(run.status == 0)
        #expect(run.output.contains("3 requests, 3 answered"))
        let json = try Netprobe.run("stats", "--json", Self.three)
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["packets"] as? Int == 14)
        for kind in ["rtt", "sequence", "throughput", "window"] {
            let plot = try Netprobe.run("stats", "--plot", kind, Self.three, environment: ["COLUMNS": "80"])
            #expect(plot.status == 0)
            for line in plot.output.split(separator: "\n").dropFirst() { #expect(line.count <= 80) }
        }
        #expect(try Netprobe.run("stats", "-o", "x.svg", Self.three).status == 64)
        #expect(try Netprobe.run("stats", "--alpha", "0", Self.three).status == 64)
        #expect(try Netprobe.run("stats", "--stream", "9", Self.three).status == 1)
    }

    /// The hierarchy is tshark's, number for number.
    @Test(arguments: ["tcp-echo", "udp-echo", "tcp-echo-ipv6"])
    func theHierarchyIsThatOfTshark(name: String) throws {
        let file = Netprobe.project.appendingPathComponent("captures/\(name).pcapng").path
        let json = try Netprobe.run("stats", "--json", file)
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let ours = try #require(object["protocols"] as? [[String: Any]]).map {
            "\($0["name"] as? String ?? "") frames:\($0["packets"] as? Int ?? 0) bytes:\($0["bytes"] as? Int ?? 0)"
        }
        let tshark = try Netprobe.execute(["tshark", "-q", "-z", "io,phs", "-r", file])
        // A comment is a protocol of its own there, and the packets with one a second hierarchy: the sums are compared.
        var sums: [String: (Int, Int)] = [:]
        for line in tshark.output.split(separator: "\n") where line.contains("frames:") {
            let words = line.split(separator: " ")
            guard words.count == 3, words[0] != "pkt_comment", let frames = Int(words[1].dropFirst(7)),
                let bytes = Int(words[2].dropFirst(6))
            else { continue }
            sums[String(words[0]), default: (0, 0)].0 += frames
            sums[String(words[0]), default: (0, 0)].1 += bytes
        }
        #expect(!sums.isEmpty, "\(tshark.errors)")
        #expect(ours.sorted() == sums.map { "\($0.key) frames:\($0.value.0) bytes:\($0.value.1)" }.sorted())
    }

    @Test func aReportIsOneFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("report.html")
        let run = try Netprobe.run("report", Self.compare, "-o", path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.isEmpty)
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.hasSuffix("</html>\n"))
        // Standard input can be read only once, and a copy of it leaves nothing behind.
        let piped = folder.path("piped.html")
        let copies = folder.path("copies")
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
        let shell = try Netprobe.execute(
            ["/bin/sh", "-c", "cat \"$1\" | \"$0\" report - -o \"$2\"", Netprobe.path, Self.compare, piped],
            environment: ["TMPDIR": copies])
        #expect(shell.status == 0, "\(shell.errors)")
        #expect(
            try String(contentsOfFile: piped, encoding: .utf8)
                == page.replacingOccurrences(of: Self.compare, with: "standard input"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: copies).isEmpty)
        #expect(try Netprobe.run("report", Self.compare).status == 64)
        #expect(try Netprobe.run("report", Self.compare, "-o", folder.path("no/such/folder.html")).status == 2)
    }

    /// The page's policy names the hash of the script that is in it; with another one a browser would not run it.
    @Test func thePolicyAllowsTheScriptOfThePage() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("report.html")
        _ = try Netprobe.run("report", Self.echo, "-o", path)
        let check = """
            import base64, hashlib, re, sys
            page = open(sys.argv[1], encoding='utf-8').read()
            script = re.search('<script>(.*?)</script>', page, re.S).group(1)
            print('sha256-' + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in page)
            """
        #expect(try Netprobe.execute(["python3", "-c", check, path]).output == "True\n")
    }

    /// "No" is said in a line, whatever was asked.
    @Test func nothingFoundIsSaid() throws {
        let folder = try TemporaryFolder()
        let empty = try TestCapture.pcap([], in: folder)
        for (command, words) in [
            (["handshakes"], "no TCP connection"), (["explain"], "nothing to explain"),
            (["ladder"], "no TCP or UDP conversation"),
            (["stats"], "has no packet"), (["report", "-o", "/dev/null"], "has no packet, and the page says so"),
        ] {
            let run = try Netprobe.execute([Netprobe.path] + command + [empty])
            #expect(run.status == 1)
            #expect(run.output == "")
            #expect(run.errors.hasSuffix("\(words)\n"), "\(command): \(run.errors)")
        }
        let failed = try Netprobe.run("handshakes", "--failed", Self.echo, "tcp port 65432")
        #expect(
            failed.status == 1 && failed.errors.hasSuffix("no TCP connection that failed that passes the filter\n"),
            "\(failed.errors)")
        let fields = try Netprobe.run("fields", "zzz")
        #expect(fields.status == 1 && fields.errors == "netprobe: no field has \"zzz\" in its name or meaning\n")
    }

    /// An ICMP error quotes no more than eight bytes of what it answers (RFC 792): the ports are among them.
    @Test func flowsKnowWhatAShortQuoteIsAbout() throws {
        let folder = try TemporaryFolder()
        let (client, server) = (
            Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0001)), 40000),
            Endpoint(.v4(IPv4Address(rawValue: 0x0a00_0002)), 80)
        )
        let syn = TestPacket.tcp(client, server, .syn, seq: 7)
        let error = TestPacket.unreachable(
            code: 1, from: IPv4Address(rawValue: 0x0a00_00fe), to: IPv4Address(rawValue: 0x0a00_0001), about: syn)
        let run = try Netprobe.run("flows", "--ndjson", try TestCapture.pcap([syn, error], in: folder))
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""protocol":"tcp","stream":0"#) == true)
        #expect(
            lines.first?.contains(#""state":"unreachable""#) == true
                && lines.first?.contains(#""icmp_error":"3/1""#) == true, "\(run.output)")
    }

    /// What a capture kept to the nanosecond is written so, in every row alike.
    @Test(arguments: [true, false]) func flowsKeepNanoseconds(hasThem: Bool) throws {
        let folder = try TemporaryFolder()
        let packets = [1, 2].map { TestPacket.udp(EchoExchange.client, Endpoint(.v4(.loopback), $0), payload: [1]) }
        let run = try Netprobe.run("flows", "--csv", try TestCapture.pcap(packets, nanoseconds: hasThem, in: folder))
        let starts = run.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
        #expect(
            starts
                == (hasThem
                    ? ["2023-11-14 22:13:20.000000000", "2023-11-14 22:13:20.001000001"]
                    : ["2023-11-14 22:13:20.000000", "2023-11-14 22:13:20.001000"]))
    }

    /// A picture keeps what is in it: so many conversations, and no more.
    @Test func aPictureHasItsLimit() throws {
        let folder = try TemporaryFolder()
        let packets = (1...1001).map {
            TestPacket.udp(EchoExchange.client, Endpoint(.v4(.loopback), Port(UInt16($0))), payload: [1])
        }
        let file = try TestCapture.pcap(packets, in: folder)
        let run = try Netprobe.run("ladder", "--format", "svg", file)
        #expect(run.status == 2 && run.output == "")
        #expect(
            run.errors
                == """
                netprobe: more than 1000 conversations are too many for one picture: \
                choose one with --stream, or fewer with a filter\n
                """
        )
        #expect(try Netprobe.run("ladder", "--format", "svg", file, "udp port 5").status == 0)
    }

    @Test func flowsCSVHasTypedColumns() throws {
        let run = try Netprobe.run("flows", "--csv", Self.compare)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == 3)
        for line in lines { #expect(line.count == lines[0].count) }
    }

    @Test func flowsFitTheTerminal() throws {
        for columns in [80, 120, 160] {
            let run = try Netprobe.run("flows", Self.compare, environment: ["COLUMNS": "\(columns)"])
            for line in run.output.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
        }
        let wide = try Netprobe.run("flows", Self.compare, environment: ["COLUMNS": "250"])
        #expect(wide.output.contains("community id"))
        let narrow = try Netprobe.run("flows", Self.compare, environment: ["COLUMNS": "80"])
        #expect(narrow.output.contains("bytes → ←"), "\(narrow.output)")
    }

    @Test(arguments: ["--hex", "--raw", "--ruler"])
    func followShowsBothWays(style: String) throws {
        for (side, isShown) in [("--client", (true, false)), ("--server", (false, true))] {
            let run = try Netprobe.run("follow", style, side, Self.echo, "0")
            #expect(run.status == 0)
            if style == "--raw" {
                #expect(run.output == "Hello, world")
            } else {
                #expect(run.output.contains("→ 0") == isShown.0)
                #expect(run.output.contains("← 0") == isShown.1)
            }
        }
    }
}
