import Addressing
import Conversations
import Diagnosis
import Foundation
import Packets
import Rendering
import TestSupport
import Testing

@Suite struct ReportTests {
    private func page(_ scenario: WrittenCapture, name: String = "test.pcap") -> String {
        var tracker = FlowTracker(seed: 1)
        scenario.read {
            tracker.take($0, $1, wireLength: $2.wireLength, number: $2.number, time: $2.timestamp)
        }
        var report = ReportCollector(
            Set((0..<20 as Range<UInt32>).flatMap { [ConversationName(.tcp, $0), ConversationName(.udp, $0)] }))
        scenario.read { report.take($0, $1, $2) }
        return rendered { ReportPage(name: name, calls: []).write(report, flows: tracker, to: &$0) }
    }

    private func scenario(_ name: String) throws -> WrittenCapture {
        try #require(WrittenCapture.all.first { $0.name == name }).make()
    }

    @Test(arguments: WrittenCapture.all.map(\.name))
    func theNetIsNeverAsked(name: String) throws {
        // A namespace is a name, not an address that anybody asks.
        let page = try page(scenario(name)).replacingOccurrences(of: "xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        for word in ["http://", "https://", "src=", "url(", "@import", "<link", "<iframe", "<img"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    /// Every element that is opened is closed, in order; void elements aside.
    @Test(arguments: WrittenCapture.all.map(\.name))
    func elementsNest(name: String) throws {
        let page = try page(scenario(name))
        var open: [Substring] = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") || tag.hasSuffix("/") { continue }
            let name = tag.prefix { $0 != " " && $0 != "/" }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else if !["meta", "br", "input"].contains(name) {
                open.append(name)
                // What is inside these is no markup.
                if name == "script" || name == "style", let close = rest.range(of: "</\(name)>") {
                    rest = rest[close.lowerBound...]
                }
            }
        }
        #expect(open.isEmpty)
    }

    @Test func whatOthersWroteIsText() throws {
        var hostile = WrittenCapture()
        let dns = Endpoint(WrittenCapture.server.address, 53)
        // A name with markup in a label.
        let label = Array("<script>alert(1)</script>\"'&".utf8)
        hostile.add(
            0,
            TestPacket.udp(
                WrittenCapture.client, dns,
                payload: [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, UInt8(label.count)] + label + [0, 0, 1, 0, 1]))
        let page = page(hostile, name: "<img onerror=alert(1)>\u{202e}.pcap")
        #expect(!page.contains("<img"))
        #expect(!page.contains("<script>alert"))
        #expect(!page.contains("\u{202e}"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(page.contains("&lt;img onerror=alert(1)&gt;\\xe2\\x80\\xae.pcap"))
    }

    @Test func tableAndDetailsTellEveryConversation() throws {
        let page = try page(scenario("datagrams"))
        for number in 0...3 {
            #expect(page.contains("<a href=\"#udp-\(number)\">udp:\(number)</a>"))
            #expect(page.contains("<details id=\"udp-\(number)\""))
        }
        #expect(page.contains("nobody uses the port (7007)"))
    }

    /// What scrolls can be reached with the keyboard, and the page's rules do not reach into the ladders.
    @Test func boxesAreReachableAndLaddersTheirOwn() throws {
        let page = try page(scenario("timeout"))
        #expect(
            page.components(separatedBy: "class=\"scroll\"").count
                == page.components(separatedBy: "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label").count)
        let style = try #require(page.range(of: "<style>"))
        let ladders = try #require(page.range(of: ".np-ladder{font"))
        let rules = page[style.upperBound..<ladders.lowerBound]
        for name in ["bar", "life", "tip", "wire", "state", "note"] {
            #expect(!rules.contains(".\(name){") && !rules.contains(".\(name) "))
        }
    }

    @Test func aConnectionHasItsPlots() throws {
        let page = try page(scenario("many-losses"))
        // Every segment was sent twice: there is no round trip to plot.
        #expect(page.components(separatedBy: "<svg class=\"plot\"").count == 4)
        #expect(page.contains("The first 60 of 63 packets"))
        #expect(page.components(separatedBy: "class=\"np-ladder\"").count == 2)
    }
}
