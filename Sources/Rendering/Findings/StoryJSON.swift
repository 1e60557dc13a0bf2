import Addressing
import Diagnosis
import Packets
import Sockets
import Text

/// Stories for programs: one JSON object a finding, each on a line of its own, with the same sentence as the text.
public struct StoryJSON: ~Copyable {
    private var json = JSONWriter()
    private let evidence: EvidenceText

    /// - Parameter calls: the socket calls that findings name.
    public init(calls: [SocketCall]) { evidence = EvidenceText(calls: calls, failures: []) }

    /// A conversation's findings, a line each.
    public mutating func write(_ story: Story, to out: inout OutputBuffer) {
        for finding in story.findings {
            json.beginObject(&out)
            json.member("transport", story.name.transport == .tcp ? "tcp" : "udp", &out)
            json.member("stream", Int(story.name.stream), &out)
            json.member("client", "\(story.client)", &out)
            json.member("server", "\(story.server)", &out)
            writeMembers(of: finding, &out)
            json.endObject(&out)
            json.endLine(&out)
        }
    }

    /// What was found under a topic: the same members, with the topic in place of the conversation.
    public mutating func write(_ story: TopicStory, to out: inout OutputBuffer) {
        for finding in story.findings {
            json.beginObject(&out)
            json.member("topic", story.topic.name, &out)
            writeMembers(of: finding, &out)
            json.endObject(&out)
            json.endLine(&out)
        }
    }

    private mutating func writeMembers(of finding: Finding, _ out: inout OutputBuffer) {
        let packets = finding.evidence.packets
        json.member("event", finding.kind.rawValue, &out)
        json.member("by", finding.side?.rawValue, &out)
        json.member("time", "\(finding.time)", &out)
        json.member("duration_ns", finding.duration.map { Int($0) }, &out)
        json.key("packets", &out)
        json.beginArray(&out)
        for number in packets.first { json.value(Int64(number), &out) }
        json.endArray(&out)
        json.member("last_packet", packets.count == 0 ? nil : packets.last, &out)
        json.member("packet_count", packets.count, &out)
        json.member("text", SentenceText.text(finding.sentence), &out)
        json.key("calls", &out)
        json.beginArray(&out)
        for call in evidence.calls(finding) { json.value(call.text, &out) }
        json.endArray(&out)
    }
}
