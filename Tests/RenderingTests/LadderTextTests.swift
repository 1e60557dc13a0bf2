import Conversations
import Foundation
import Packets
import Rendering
import Synchronization
import TestSupport
import Testing
import Text
import Timeline

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Runs a writer on a buffer and gives what came out.
func rendered(colours: Bool = false, _ write: (inout OutputBuffer) -> Void) -> String {
    let collected = Mutex<[UInt8]>([])
    var out = OutputBuffer(capacity: 100, colours: colours) { bytes in
        for offset in 0..<bytes.byteCount { collected.withLock { $0.append(bytes.uint8(at: offset)) } }
        return true
    }
    write(&out)
    out.flush()
    return String(decoding: collected.withLock { $0 }, as: UTF8.self)
}

@Suite struct LadderTextTests {
    private func ladder(columns: Int?) throws -> String {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        let diagram = Scene(conversation, calls: EchoCalls.all)
        return rendered { LadderText(columns: columns).write(diagram, to: &$0) }
    }

    @Test func fourLanes() throws { try expectGolden(ladder(columns: nil), "ladder-wide.txt") }

    @Test func aNarrowTerminalIsNotExceeded() throws {
        let text = try ladder(columns: 80)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try expectGolden(text, "ladder-narrow.txt")
    }

    @Test func handshakeCard() throws {
        let conversation = try #require(Conversation.all(in: EchoExchange.packets).first)
        try expectGolden(rendered { HandshakeCard.write(conversation, to: &$0) }, "handshake.txt")
    }

    @Test func account() throws {
        let account = ConversationAccount(EchoExchange.packets)
        try expectGolden(rendered { AccountText.write(account, to: &$0) }, "account.txt")
        let udp = ConversationAccount(TestSupport.Scenario.udpEcho.packets)
        let text = rendered { AccountText.writeComparison([("TCP", account), ("UDP", udp)], to: &$0) }
        #expect(text.contains("10 (6 from the client, 4 from the server)   2 (1 from the client, 1 from the server)"))
        try expectGolden(text, "comparison.txt")
    }

    /// Ladder and card of everything that can happen to a connection, beside each other.
    @Test(arguments: TestSupport.Scenario.all)
    func scenarios(scenario: TestSupport.Scenario) throws {
        let conversations = scenario.conversations
        let scenes = SceneBuilder(conversations, calls: scenario.calls)
        let text = rendered { out in
            for number in conversations.indices {
                LadderText(columns: nil).write(scenes.scene(of: number), to: &out)
                HandshakeCard.write(conversations[number], to: &out)
                out.append("\n")
            }
            if !scenes.others.isEmpty { LadderText(columns: nil).write(Scene(calls: scenes.others), to: &out) }
        }
        try expectGolden(text, "scenario-\(scenario.name).txt")
        for columns in [80, 60, 40, 160] {
            for conversation in conversations {
                let text = rendered {
                    LadderText(columns: columns).write(Scene(conversation, calls: scenario.calls), to: &$0)
                }
                for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(columns): \(line)") }
            }
        }
    }
}

@Suite struct LadderFormatTests {
    private func diagram(_ scenario: TestSupport.Scenario) throws -> Scene {
        Scene(try #require(scenario.conversations.first), calls: scenario.calls)
    }

    @Test(arguments: [TestSupport.Scenario.lateAccept, .udpRefused, .selfConnect])
    func markdownAndMermaid(scenario: TestSupport.Scenario) throws {
        let diagram = try diagram(scenario)
        try expectGolden(rendered { LadderMarkdown.write(diagram, to: &$0) }, "ladder-\(scenario.name).md")
        try expectGolden(rendered { LadderMermaid.write(diagram, to: &$0) }, "ladder-\(scenario.name).mmd")
    }

    /// A picture is well-formed XML, keeps to its size and draws every packet.
    @Test(arguments: TestSupport.Scenario.all)
    func svg(scenario: TestSupport.Scenario) throws {
        let diagram = try diagram(scenario)
        let picture = LadderSVG(diagram)
        let text = rendered { picture.write(to: &$0) }
        let elements = try Elements(xml: text)
        let packets = diagram.rows.filter { row in
            switch row.event {
            case .passed, .left, .arrived: true
            case .began, .returned, .whole: false
            }
        }
        #expect(
            elements.tips + elements.crossed == packets.count,
            "an arrowhead or a cross for each of \(packets.count) packets")
        for (x, y) in elements.points {
            #expect((0...Double(picture.width)).contains(x) && (0...Double(picture.height)).contains(y), "\(x), \(y)")
        }
        // Times run downwards.
        #expect(elements.timeHeights == elements.timeHeights.sorted())
        #expect(elements.timeHeights.count == diagram.rows.count + 1)
    }

    @Test func whatPacketsAndCallsSayIsEscaped() throws {
        var scenario = TestSupport.Scenario.refused
        scenario.call(
            "<b>&\"|`;#\u{1B}[31m", .send, 9, ["</svg><script>"], 80, 85, .value(1), local: TestSupport.Scenario.client,
            peer: TestSupport.Scenario.server)
        let diagram = try diagram(scenario)
        let svg = rendered { LadderSVG(diagram).write(to: &$0) }
        _ = try Elements(xml: svg)
        #expect(!svg.contains("<script>") && svg.contains("&lt;script&gt;"))
        let mermaid = rendered { LadderMermaid.write(diagram, to: &$0) }
        #expect(mermaid.contains("#lt;script#gt;") && !mermaid.contains("<"))
        let markdown = rendered { LadderMarkdown.write(diagram, to: &$0) }
        #expect(markdown.contains("\\|'"))
        for text in [svg, mermaid, markdown] { #expect(!text.contains("\u{1B}")) }
    }

    @Test func severalPicturesInOne() throws {
        let scenario = TestSupport.Scenario.twoConnections
        let scenes = SceneBuilder(scenario.conversations, calls: scenario.calls)
        let text = rendered { LadderSVG.write((0..<scenes.count).map { scenes.scene(of: $0) }, to: &$0) }
        _ = try Elements(xml: text)
        #expect(text.components(separatedBy: "<svg").count == 5)
        #expect(text.components(separatedBy: "<style>").count == 2)
    }

    /// A transfer of 500 segments: its beginning, its end, and what was left out between.
    @Test func longRunsAreShortenedAndNothingElse() throws {
        var scenario = TestSupport.Scenario("long")
        let (c, s) = (TestSupport.Scenario.client, TestSupport.Scenario.server)
        scenario.open(0, c, s)
        for step in 0..<500 as Range<Int64> {
            scenario.tcp(100 + step * 20, c, s, [.psh, .ack], 101 + UInt32(step) * 10, 301, length: 10)
            scenario.tcp(110 + step * 20, s, c, .ack, 301, 111 + UInt32(step) * 10)
        }
        scenario.tcp(30_000, c, s, [.fin, .ack], 5101, 301)
        let diagram = try diagram(scenario)
        let short = rendered { LadderText(columns: nil).write(diagram, to: &$0) }
        #expect(short.split(separator: "\n").count == 1 + 3 + 20 + 1 + 10 + 1 + 1)
        #expect(
            short.contains(
                "⋮ 970 rows left out in 9.69 ms, packets 24 to 993, 485 segments → with 4850 bytes, 485 ACKs ←"),
            "\(short)")
        #expect(short.contains("··· 19.91 ms of silence ···"))
        let whole = rendered { LadderText(columns: nil, abridged: false).write(diagram, to: &$0) }
        #expect(whole.split(separator: "\n").count == 1 + 1004 + 1)
        for columns in [80, 160] {
            let text = rendered { LadderText(columns: columns).write(diagram, to: &$0) }
            for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
        }
    }
}

/// What a test wants to know of a picture; reading it proves that it is well-formed.
private final class Elements: NSObject, XMLParserDelegate {
    private(set) var tips = 0
    private(set) var points: [(Double, Double)] = []
    private(set) var timeHeights: [Double] = []
    /// Lines that end in a cross because the packet was lost.
    private(set) var crossed = 0
    private var isTitle = false

    init(xml: String) throws {
        super.init()
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        let style = attributes["class"] ?? ""
        if style.hasPrefix("tip") { tips += 1 }
        if name == "title" { isTitle = true }
        for (x, y) in [("x1", "y1"), ("x2", "y2"), ("x", "y")] {
            if let x = attributes[x].flatMap(Double.init), let y = attributes[y].flatMap(Double.init) {
                points.append((x, y))
            }
        }
        if name == "text", style.hasPrefix("time end"), let y = attributes["y"].flatMap(Double.init) {
            timeHeights.append(y)
        }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if isTitle, text.hasPrefix("sent again in packet") { crossed += 1 }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if name == "title" { isTitle = false }
    }
}

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            (0, "0 ns"), (999, "999 ns"), (1_000, "1 µs"), (61_499, "61 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"),
            (999_999, "1.00 ms"), (1_250_000, "1.25 ms"), (1_004_999, "1.00 ms"), (1_005_000, "1.01 ms"),
            (999_994_999, "999.99 ms"), (999_995_000, "1.000 s"), (999_999_999, "1.000 s"), (1_999_499_999, "1.999 s"),
            (1_999_500_000, "2.000 s"),
            (.max, "9223372036.855 s"),
            (3_002_000_000, "3.002 s"), (-5_000, "-5 µs"),
        ] as [(Int64, String)])
    func spelled(nanoseconds: Int64, text: String) { #expect(DurationText.text(nanoseconds: nanoseconds) == text) }
}
