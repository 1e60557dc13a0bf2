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
            #expect(!story.events.isEmpty)
            for event in story.events {
                #expect(event.packets.count > 0, "\(StoryJSONName.of(event))")
                for number in event.packets.first + [event.packets.last] {
                    #expect((1...scenario.packets.count).contains(number))
                }
                #expect(event.packets.first == event.packets.first.sorted())
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
        #expect(story.events.count < 40)
        for event in story.events { #expect(event.packets.first.count <= 8) }
    }

    @Test func jsonHasTheSameSentences() throws {
        let scenario = try #require(WrittenCapture.all.first { $0.name == "timeout" }).make()
        let text = rendered { out in
            var json = StoryJSON(calls: [])
            for story in scenario.stories { json.write(story, to: &out) }
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == scenario.stories.first?.events.count)
        #expect(text.contains(#""event":"retransmission","by":"client""#))
        #expect(text.contains(#""packets":[4,5]"#))
    }
}

private enum StoryJSONName {
    static func of(_ event: StoryEvent) -> String { "\(event.kind)" }
}
