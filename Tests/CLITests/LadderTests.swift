import Foundation
import TestSupport
import Testing

/// `netprobe ladder` and `netprobe handshakes`, run for real on the recorded demos.
@Suite struct LadderTests {
    private func capture(_ name: String) -> String { Netprobe.project.appendingPathComponent("captures/\(name)").path }

    @Test func oneStreamOfSeveral() throws {
        let file = capture("compare.pcapng")
        let all = try Netprobe.run("ladder", file)
        #expect(all.output.contains("tcp.stream 0\n") && all.output.contains("udp.stream 0\n"))
        let tcp = try Netprobe.run("ladder", "--stream", "0", file)
        let udp = try Netprobe.run("ladder", "--stream", "udp:0", file)
        #expect(tcp.status == 0 && udp.status == 0, "\(tcp.errors)\(udp.errors)")
        #expect(all.output == "tcp.stream 0\n\(tcp.output)\nudp.stream 0\n\(udp.output)")
        let none = try Netprobe.run("ladder", "--stream", "7", file)
        #expect(none.status == 1)
        #expect(none.output == "")
        #expect(none.errors.contains("has no tcp.stream 7"))
        #expect(try Netprobe.run("ladder", "--stream", "x", file).status == 64)
    }

    /// A filter chooses packets: numbers, states and calls stay those of the whole conversation.
    @Test(arguments: [["-Y", "tcp.len > 0"], ["tcp[tcpflags] & tcp-push != 0"]])
    func filtersChoosePackets(filter: [String]) throws {
        let file = capture("tcp-echo.pcapng")
        let options = filter.first == "-Y" ? filter + [file] : [file] + filter
        let run = try Netprobe.execute([Netprobe.path, "ladder"] + options)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("PSH+ACK seq 1 ack 1 len 12") && run.output.contains("PSH+ACK seq 1 ack 13 len 12"))
        #expect(!run.output.contains("SYN") && !run.output.contains("FIN"))
        for call in [
            "socket(AF_INET, SOCK_STREAM) → 3", "listen(1) → 0", "connect(127.0.0.1:65432)", "accept()",
            "0 (end of stream)", "close(",
        ] {
            #expect(run.output.contains(call), "no \(call)")
        }
        let nothing = try Netprobe.run("ladder", file, "udp")
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("passes the filter"))
        #expect(try Netprobe.run("ladder", "-Y", "tcp.nosuch", file).status == 2)
    }

    @Test func formats() throws {
        let file = capture("tcp-echo.pcapng")
        let svg = try Netprobe.run("ladder", "--format", "svg", file)
        #expect(svg.status == 0 && svg.errors == "")
        #expect(svg.output.hasPrefix("<svg ") && svg.output.hasSuffix("</svg>\n"))
        #expect(!svg.output.contains("href") && !svg.output.contains("url("), "nothing comes from elsewhere")
        let markdown = try Netprobe.run("ladder", "--format", "markdown", file)
        #expect(markdown.output.split(separator: "\n").allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") })
        let mermaid = try Netprobe.run("ladder", "--format", "mermaid", file)
        #expect(mermaid.output.hasPrefix("sequenceDiagram\n"))
        let several = try Netprobe.run("ladder", "--format", "mermaid", capture("compare.pcapng"))
        #expect(several.status == 2)
        #expect(several.output == "" && several.errors.contains("--stream"))
    }

    @Test func handshakesOfEveryConnection() throws {
        let run = try Netprobe.run("handshakes", capture("tcp-echo.pcapng"))
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("tcp.stream 0: 127.0.0.1:"))
        #expect(run.output.contains("Handshake round trip:") && run.output.contains("is left in TIME-WAIT"))
        let failed = try Netprobe.run("handshakes", "--failed", capture("tcp-echo.pcapng"))
        #expect(failed.status == 1 && failed.output == "")
        let none = try Netprobe.run("handshakes", "--stream", "9", capture("tcp-echo.pcapng"))
        #expect(none.status == 1)
        #expect(none.errors.contains("has no tcp.stream 9"))
    }
}
