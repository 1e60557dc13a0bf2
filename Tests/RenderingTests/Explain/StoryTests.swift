import Conversations
import Diagnosis
import Packets
import Rendering
import TestSupport
import Testing

@Suite struct StoryTests {
    @Test(arguments: WrittenCapture.all.map(\.name))
    func told(name: String) throws {
        let scenario = try #require(WrittenCapture.all.first { $0.name == name }).make()
        try expectGolden(scenario.explained(), "\(name).txt")
    }

    @Test(arguments: WrittenCapture.all.map(\.name))
    func everySentenceRestsOnPacketsOfTheCapture(name: String) throws {
        let scenario = try #require(WrittenCapture.all.first { $0.name == name }).make()
        for story in scenario.stories {
            #expect(!story.findings.isEmpty)
            for finding in story.findings {
                #expect(finding.evidence.packets.count > 0, "\(finding.kind)")
                for number in finding.evidence.packets.first + [finding.evidence.packets.last] {
                    #expect((1...scenario.packets.count).contains(number))
                }
                #expect(finding.evidence.packets.first == finding.evidence.packets.first.sorted())
            }
        }
    }

    @Test func linesFitTheTerminal() {
        for (name, make) in WrittenCapture.all {
            for line in make().explained(columns: 80).split(separator: "\n").dropFirst()
            where !line.hasPrefix("tcp.") && !line.hasPrefix("udp.") {
                #expect(line.count <= 80, "\(name): \(line)")
            }
        }
    }

    /// However long a connection is, its story is not.
    @Test func aStoryStaysShort() throws {
        var scenario = WrittenCapture()
        scenario.handshake()
        for index in 0..<3000 as Range<UInt32> {
            let time = 100 + Double(index) * 10
            scenario.client(
                time, [.psh, .ack], seq: 1 + 10 * index, ack: 1 + index, payload: [UInt8](repeating: 1, count: 10))
            scenario.client(
                time + 5, [.psh, .ack], seq: 1 + 10 * index, ack: 1 + index, payload: [UInt8](repeating: 1, count: 10))
            scenario.server(time + 6, [.psh, .ack], seq: 1 + index, ack: 11 + 10 * index, payload: [2])
        }
        let story = try #require(scenario.stories.first)
        #expect(story.findings.count < 40)
        for finding in story.findings { #expect(finding.evidence.packets.first.count <= 8) }
    }

    @Test func jsonHasTheSameSentences() throws {
        let scenario = try #require(WrittenCapture.all.first { $0.name == "timeout" }).make()
        let text = rendered { out in
            var json = StoryJSON(calls: [])
            for story in scenario.stories { json.write(story, to: &out) }
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == scenario.stories.first?.findings.count)
        #expect(text.contains(#""event":"retransmission","by":"client""#))
        #expect(text.contains(#""packets":[4,5]"#))
    }
}
