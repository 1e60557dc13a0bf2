import Addressing
import Conversations
import Packets
import Rendering
import TestSupport
import Testing
import Text
import Timeline

/// What was sent stands in the ladder, in whatever form, and cannot act on who reads it.
@Suite struct LadderDataTests {
    private func scene(_ payload: String, keepingWords: Bool = true) throws -> Scene {
        var traffic = TestTraffic()
        let (client, server) = (EchoExchange.client, EchoExchange.server)
        traffic.add(at: TestClock.at(0), TestPacket.tcp(client, server, .syn, seq: 100))
        traffic.add(at: TestClock.at(10), TestPacket.tcp(server, client, [.syn, .ack], seq: 300, ack: 101))
        traffic.add(at: TestClock.at(20), TestPacket.tcp(client, server, .ack, seq: 101, ack: 301))
        traffic.add(
            at: TestClock.at(30),
            TestPacket.tcp(client, server, [.psh, .ack], seq: 101, ack: 301, payload: Array(payload.utf8)))
        var collector = ConversationCollector(keepingWords: keepingWords)
        traffic.read { collector.take($0, $1, $2) }
        return Scene(try #require(collector.conversations.first), calls: [])
    }

    private func text(_ scene: Scene, columns: Int? = nil) -> String {
        rendered { LadderText(columns: columns).write(scene, to: &$0) }
    }

    @Test func textStandsBehindTheLength() throws {
        #expect(text(try scene("Hello, world")).contains(#"PSH+ACK seq 1 ack 1 len 12 "Hello, world" ─"#))
        #expect(text(try scene("a\r\nb\t\"c\"\\")).contains(#"len 9 "a\r\nb\t\"c\"\\" ─"#))
    }

    @Test func withoutDataTheLengthIsAll() throws {
        let text = text(try scene("Hello, world", keepingWords: false))
        #expect(text.contains("len 12 ─"))
        #expect(!text.contains("Hello"))
    }

    @Test func whatIsNoTextIsNotShown() throws {
        #expect(text(try scene("\u{1b}[31mred")).contains("len 8 ─"))
        #expect(text(try scene("\u{202e}live")).contains("len 7 ─"))
    }

    @Test func aKnownMessageIsToldByItsSummary() throws {
        let text = text(try scene("GET /index.html HTTP/1.1\r\nHost: example.com\r\n\r\n"))
        #expect(text.contains("len 47 HTTP GET /index.html"))
    }

    /// First the text is cut, then it is left out, then the label is cut.
    @Test(arguments: [
        (120, #"len 36 "The words of a rather long sentence." "#), (80, #"len 36 "The words of "…"#),
        (60, "len 36 "),
    ])
    func aNarrowColumnCutsTheText(columns: Int, shown: String) throws {
        let text = text(try scene("The words of a rather long sentence."), columns: columns)
        #expect(text.contains(shown), "\(text)")
        for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
    }

    @Test func markupStaysText() throws {
        let scene = try scene("<b>|`;#&\"</b>")
        let picture = rendered { LadderSVG(scene).write(to: &$0) }
        #expect(picture.contains("&lt;b&gt;|`;#&amp;\\&quot;&lt;/b&gt;"))
        #expect(!picture.contains("<b>"))
        let table = rendered { LadderMarkdown.write(scene, to: &$0) }
        #expect(table.contains(#"`PSH+ACK seq 1 ack 1 len 13 "<b>\|';#&\"</b>"`"#))
        let diagram = rendered { LadderMermaid.write(scene, to: &$0) }
        #expect(!diagram.contains("<b>"))
        #expect(diagram.contains("#lt;b#gt;"))
    }
}
