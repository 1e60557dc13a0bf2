import Addressing
import Conversations
import Packets

/// What happened in one conversation, in order.
public struct Story: Sendable {
    /// Its transport and number.
    public let name: ConversationName
    /// The end that opened.
    public let client: Endpoint
    /// The end that was called.
    public let server: Endpoint
    /// In the order in which it happened, the sum at the end.
    public internal(set) var findings: [Finding]

    /// What its two ends are called: who sends to a group, or to all hosts, is no server's client.
    public var endNames: (client: String, server: String) { name.transport.endNames(to: server) }

    /// `tcp.stream 3`
    public var subject: String { "\(name.transport == .tcp ? "tcp" : "udp").stream \(name.stream)" }

    init(_ name: ConversationName, client: Endpoint, server: Endpoint, events: [StoryEvent]) {
        self.name = name
        self.client = client
        self.server = server
        var words = EventFinding(transport: name.transport, client: client, server: server)
        for case .oneDirection(let side) in events.map(\.kind) { words.missing = side }
        findings = events.map(words.finding)
    }
}
