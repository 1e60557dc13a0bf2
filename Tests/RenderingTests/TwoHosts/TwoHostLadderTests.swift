import Addressing
import Conversations
import Foundation
import Rendering
import Sockets
import TestSupport
import Testing
import Timeline

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Ladders with a column for each host, from made packets: losses, doubles, late ones.
@Suite struct TwoHostLadderTests {
    private func text(_ scenario: WireScenario, columns: Int? = nil, notes: [Int: [String]] = [:]) throws -> String {
        let scene = try #require(scenario.scene(notes: notes))
        return rendered {
            LadderText(columns: columns).write(scene, to: &$0)
            TransitText.write(scene, columns: columns, to: &$0)
        }
    }

    @Test func lossesAndWhatRepairsThem() throws {
        let text = try text(.losses)
        for words in [
            "lost", "duplicate ACK 3", "fast retransmission (3 duplicate ACKs, 44.00 ms)",
            "sent again (timer, 240.00 ms)",
        ] {
            #expect(text.contains(words), "no \(words)")
        }
        #expect(text.contains("✗"))
        try expectGolden(text, "losses.txt")
    }

    @Test func doublesAndLateOnes() throws {
        let text = try text(.datagrams)
        for words in ["doubled", "the same once more", "late: overtaken by 2", "lost"] {
            #expect(text.contains(words), "no \(words)")
        }
        try expectGolden(text, "datagrams.txt")
    }

    /// A segment that its sender's card cut has arrived, in pieces, and is not doubled.
    @Test func aCutSegmentArrivesInPieces() throws {
        let scene = try #require(WireScenario.apart.scene(isOneRecording: false))
        let cut = try #require(scene.packets.first { !$0.pieces.isEmpty })
        #expect(cut.pieces.map(\.length) == [1000, 1000, 500] && cut.missingBytes == 0 && !cut.isDoubled)
        let text = rendered { LadderText(columns: nil).write(scene, to: &$0) }
        #expect(text.contains("arrives in 3 pieces") && text.contains("len 500"), "\(text)")
        #expect(!text.contains("doubled") && !text.contains("once more"))
    }

    /// Two captures, two numberings: a packet is called by the capture that it left in, as in merge's summary.
    @Test func packetsOfTwoCapturesAreCalledAsInTheSummary() throws {
        let scene = try #require(WireScenario.apart.scene(isOneRecording: false))
        let lost = try #require(scene.packets.first { $0.isLost })
        #expect(lost.name == "A\(lost.number)")
        #expect(rendered { LadderText(columns: nil).write(scene, to: &$0) }.contains("\(lost.name) ── "))
    }

    /// Packets that went one way only say nothing of how long they took.
    @Test func oneWayTrafficTellsNoTransitTimes() throws {
        let scene = try #require(WireScenario.apart.scene(isOneRecording: false))
        #expect(!scene.knowsTransit)
        let transit = rendered { TransitText.write(scene, to: &$0) }
        #expect(transit.contains("under way for how long is not known"), "\(transit)")
        #expect(transit.contains("1 lost") && transit.contains("1 cut or joined by network cards on the way"))
        #expect(
            rendered { LadderText(columns: nil).write(scene, to: &$0) }.contains("how the clocks stand is not known"))
        let known = try #require(WireScenario.losses.scene())
        #expect(known.knowsTransit)
    }

    @Test func icmpErrorsCrossTheWireToo() throws {
        let text = try text(.refused)
        let lines = text.split(separator: "\n").filter { $0.contains("ICMP port unreachable") }
        #expect(lines.count == 2)
        #expect(lines.count { $0.contains("✗") } == 1)
        try expectGolden(text, "refused.txt")
    }

    @Test(arguments: ["losses", "datagrams", "refused"]) func markdownAndMermaid(name: String) throws {
        let scenarios: [String: WireScenario] = ["losses": .losses, "datagrams": .datagrams, "refused": .refused]
        let scene = try #require(scenarios[name]?.scene())
        let markdown = rendered { LadderMarkdown.write(scene, to: &$0) }
        for line in markdown.split(separator: "\n") { #expect(line.hasPrefix("|") && line.hasSuffix("|"), "\(line)") }
        try expectGolden(markdown, "\(name).md")
        try expectGolden(rendered { LadderMermaid.write(scene, to: &$0) }, "\(name).mmd")
    }

    @Test func callsOfSeveralProgramsSayWhoseTheyAre() throws {
        func call(_ id: Int, _ end: String, at milliseconds: Int64) -> SocketCall {
            SocketCall(
                id: id, end: SocketCall.End(rawValue: end), name: .sendto, descriptor: 3, arguments: ["3 bytes"],
                start: TestClock.at(milliseconds * 1000 - 10), finish: TestClock.at(milliseconds * 1000 + 10),
                result: .value(3),
                local: WireScenario.client, peer: WireScenario.server, transport: .udp)
        }
        var scenario = WireScenario.datagrams
        scenario.calls = [call(1, "client", at: 0)]
        #expect(try !text(scenario).contains("[client]"))
        scenario.calls.append(call(2, "client/2", at: 10))
        let both = try text(scenario)
        #expect(both.contains("[client] sendto(") && both.contains("[client/2] sendto("), "\(both)")
    }

    @Test func whatTheWireSaysStandsBesideThePacket() throws {
        // The fifth datagram's departure.
        let text = try text(.datagrams, notes: [5: ["dropped by the script\u{1B}[31m"]])
        #expect(text.contains(#"dropped by the script\x1b[31m"#))
        #expect(!text.contains("\u{1B}"))
    }

    @Test(arguments: [80, 100, 132]) func aTerminalIsNotExceeded(columns: Int) throws {
        for scenario in [WireScenario.losses, .datagrams] {
            let text = try text(scenario, columns: columns)
            for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line.count): \(line)") }
        }
        if columns == 80 { try expectGolden(text(.losses, columns: 80), "losses-80.txt") }
    }

    @Test func onlySomePacketsAreDrawnAndTheirNotesStay() throws {
        let whole = try #require(WireScenario.losses.scene())
        let repaired = try #require(
            whole.packets.first { packet in
                packet.notes.contains { if case .fastRetransmission = $0 { true } else { false } }
            })
        let scene = try #require(WireScenario.losses.scene(showing: [repaired.number]))
        #expect(scene.packets.map(\.number) == [repaired.number])
        #expect(scene.packets.first?.notes == repaired.notes)
        #expect(scene.rows.count == 2)
    }

    @Test func svgHasAnArrowForEachCopyAndACrossForEachLoss() throws {
        for (scenario, name) in [(WireScenario.losses, "losses.svg"), (.datagrams, "datagrams.svg")] {
            let scene = try #require(scenario.scene())
            let svg = rendered { LadderSVG.write([scene], to: &$0) }
            let arrivals = scene.packets.reduce(0) { $0 + $1.arrived.count }
            #expect(svg.matches(of: /class="tip/).count == arrivals)
            #expect(svg.matches(of: /<path class="bad"/).count == scene.packets.count { $0.isLost })
            let parser = XMLParser(data: Data(svg.utf8))
            #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
            try expectGolden(svg, name)
        }
        let both = try [#require(WireScenario.losses.scene()), #require(WireScenario.datagrams.scene())]
        let svg = rendered { LadderSVG.write(both, to: &$0) }
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.matches(of: /<svg\s/).count == 3)
    }
}
