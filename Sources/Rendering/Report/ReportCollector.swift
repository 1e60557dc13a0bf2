import Addressing
import Conversations
import Diagnosis
import Packets

/// What a report tells of a capture: statistics of all of it, and of chosen conversations the story, the trace and the
/// first packets.
public struct ReportCollector: Sendable {
    /// So many packets of a conversation are drawn.
    public static let drawnPackets = 60
    private static let tracePoints = 256

    /// The statistics of all packets so far.
    public private(set) var statistics = CaptureStatistics()
    private let chosen: Set<ConversationName>
    private var book: StoryBook
    private var traces: [UInt32: StreamTrace] = [:]
    private var conversations: [ConversationName: Conversation] = [:]
    private var counts: [ConversationName: Int] = [:]

    /// One conversation in detail.
    public struct Detail: Sendable {
        /// What happened in it.
        public let story: Story
        /// nil for UDP.
        public let trace: StreamTrace?
        /// Its first packets.
        public let conversation: Conversation?
        /// How many packets it has, those that are not drawn among them.
        public let packets: Int
    }

    /// - Parameter chosen: the conversations to tell in detail.
    public init(_ chosen: Set<ConversationName>) {
        self.chosen = chosen
        book = StoryBook(only: chosen)
    }

    /// Takes the capture's next packet.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        statistics.take(record, dissection, facts)
        book.take(record, dissection, facts)
        for (name, layer) in facts.transport.conversations where chosen.contains(name) {
            if let packet = ObservedPacket(record, dissection, facts, at: layer) {
                take(packet, of: name, facts.transport)
            }
        }
    }

    private mutating func take(_ packet: ObservedPacket, of name: ConversationName, _ facts: TransportFacts) {
        let count = counts[name, default: 0]
        counts[name] = count + 1
        if count == 0 {
            conversations[name] = Conversation(first: packet)
        } else if count < Self.drawnPackets {
            conversations[name]?.add(packet)
        }
        guard name.transport == .tcp else { return }
        if traces[name.stream] == nil {
            traces[name.stream] = StreamTrace(first: packet, listed: 6, limit: Self.tracePoints)
        }
        traces[name.stream]?.take(packet, facts)
    }

    /// The chosen conversations in the order in which they began.
    public var details: [Detail] {
        book.stories.map { story in
            Detail(
                story: story, trace: story.name.transport == .tcp ? traces[story.name.stream] : nil,
                conversation: conversations[story.name],
                packets: counts[story.name] ?? 0)
        }
    }
}
