import Foundation
import TestSupport
import Testing

/// The demos of the wire, each judged by what both hosts captured: the file is read with `show`, apart from the demo's
/// own verdict.
@Suite struct WireDemoTests {
    /// One packet's line of `show --number` of one interface of a demo's file.
    private struct Line {
        let number: Int
        let text: String
    }

    private struct Recorded {
        let run: Netprobe.Run
        let client: [Line]
        let server: [Line]
        var verdict: String { run.verdict }
    }

    private func record(_ arguments: [String]) throws -> Recorded {
        let folder = try TemporaryFolder()
        let file = folder.path("wire.pcapng")
        let run = try Netprobe.runAsOrdinaryUser(["demo"] + arguments + ["--write", file])
        #expect(run.status == 0, "\(arguments): \(run.errors)\(run.output)")
        #expect(run.errors == "")
        func lines(_ interface: Int) throws -> [Line] {
            let show = try Netprobe.run("show", "--number", "-Y", "frame.interface_id == \(interface)", file)
            return show.output.split(separator: "\n").compactMap { line in
                line.split(separator: " ").first.flatMap { Int($0) }.map { Line(number: $0, text: String(line)) }
            }
        }
        return Recorded(run: run, client: try lines(0), server: try lines(1))
    }

    @Test func everyDemoOfTheWireIsTested() throws {
        let list = try #require(
            try Netprobe.run("demo", "--list").output.split(separator: "\n\n").first { $0.hasPrefix("On a wire") })
        let names = list.split(separator: "\n").dropFirst().filter { !$0.hasPrefix("   ") }.compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        #expect(Set(names) == ["tcp-loss", "udp-loss", "reorder", "slow-link", "syn-loss"])
    }

    @Test(.needs(.namespaces), arguments: [[], ["-6"]]) func tcpRepairsALoss(family: [String]) throws {
        let recorded = try record(["tcp-loss"] + family)
        // More segments with data left than arrived, and what arrived is everything.
        let left = recorded.client.filter { $0.text.contains(":65432 TCP") && !$0.text.contains("len 0") }
        let arrived = recorded.server.filter { $0.text.contains(":65432 TCP") && !$0.text.contains("len 0") }
        #expect(left.count > arrived.count)
        #expect(recorded.verdict.contains("was lost on the way"))
        #expect(recorded.verdict.contains("gave all 14000 bytes, in order"))
        #expect(recorded.run.output.contains("fast retransmission ("), "\(recorded.run.output)")
        #expect(recorded.run.output.contains("duplicate ACK 3"))
        #expect(
            recorded.run.output.contains("client → server     delay 20.00 ms, events by script: "),
            "\(recorded.run.output)")
    }

    @Test(.needs(.namespaces), arguments: [[], ["-6"]]) func udpDoesNot(family: [String]) throws {
        let recorded = try record(["udp-loss"] + family)
        #expect(recorded.client.filter { $0.text.contains(":65432 UDP") }.count == 10)
        #expect(recorded.server.filter { $0.text.contains(":65432 UDP") }.count == 8)
        #expect(recorded.verdict.contains("3 and 7 did not come"))
    }

    /// The same seed loses the same datagrams, and as many as the wire says.
    @Test(.needs(.namespaces)) func chanceIsRepeatable() throws {
        var missing: [String] = []
        for _ in 0..<2 {
            let recorded = try record(["udp-loss", "--loss-up", "30%", "--seed", "7", "--drop", "server datagram 1"])
            let arrived = recorded.server.filter { $0.text.contains(":65432 UDP") }.count
            #expect(
                recorded.run.output.contains(
                    "client → server     delay 20.00 ms, loss 30 %: 10 packets, \(10 - arrived) lost"),
                "\(recorded.run.output)")
            #expect(arrived < 10)
            missing.append(recorded.verdict.components(separatedBy: "carry numbers (").last ?? "")
        }
        #expect(missing[0] == missing[1])
    }

    @Test(.needs(.namespaces), arguments: [[], ["-6"]]) func whatIsOvertakenIsPutInOrderByTCPAlone(family: [String])
        throws
    {
        let recorded = try record(["reorder"] + family)
        func lengths(_ lines: [Line], _ transport: String) -> [String] {
            lines.filter {
                $0.text.contains(":65432 \(transport)") && ($0.text.hasSuffix("len 5") || $0.text.hasSuffix("len 6"))
            }.map { String($0.text.suffix(1)) }
        }
        for transport in ["UDP", "TCP"] {
            // TCP may send again what it takes for lost.
            #expect(lengths(recorded.client, transport).prefix(2) == ["5", "6"], "\(transport)")
            #expect(lengths(recorded.server, transport).prefix(2) == ["6", "5"], "\(transport)")
        }
        #expect(recorded.verdict.contains("recv() gave \"firstsecond\""))
        #expect(recorded.run.output.contains("late: overtaken by"))
    }

    @Test(.needs(.namespaces), arguments: [[], ["-6"]]) func aSmallWindowIsSlow(family: [String]) throws {
        let recorded = try record(["slow-link"] + family)
        #expect(recorded.verdict.contains("A round trip takes 1"))
        #expect(recorded.verdict.contains("rate times round trip"))
    }

    /// One repetition: the demo's own three take seven seconds.
    @Test(.needs(.namespaces)) func connectWaitsForTheSYNsTimer() throws {
        let recorded = try record(["syn-loss", "--drop", "client SYN 1"])
        #expect(recorded.client.filter { $0.text.contains("TCP SYN seq") }.count == 2)
        #expect(recorded.server.filter { $0.text.contains("TCP SYN seq") }.count == 1)
        #expect(recorded.verdict.contains("after the first one, waiting twice as long each time"))
    }
}
