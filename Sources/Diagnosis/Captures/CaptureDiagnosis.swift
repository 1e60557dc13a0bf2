import Conversations
import Packets

/// Everything that a capture shows, found in one pass: the stories of its conversations, what detectors see in all of
/// it, and which findings matter most. What is kept grows with open conversations, not with packets.
///
///     diagnosis.take(bytes, dissection, facts)
///     while let story = diagnosis.next() { … }        // of conversations that are over
///     diagnosis.finish()
///     while let story = diagnosis.next() { … }        // of those that were still open
///     diagnosis.topics(), diagnosis.foremost
public struct CaptureDiagnosis: Sendable {
    private var book: StoryBook
    private var detectors: Detectors
    private var vain = VainAttempts()
    private var untold = UntoldPackets()
    private var left: [Story] = []
    private var isFinished = false
    private let isWhole: Bool
    /// Whether conversations that came to nothing are told one by one, however many: where calls belong to them.
    public var tellsEach = false
    /// The findings that matter most so far.
    public private(set) var foremost = Foremost()

    /// - Parameter only: the conversations that are wanted, and nothing else; nil for everything.
    public init(only: Set<ConversationName>? = nil) {
        book = StoryBook(only: only, releasing: true)
        detectors = Detectors(only == nil ? Detectors.all : [])
        isWhole = only == nil
    }

    /// Takes a packet, dissected and analysed.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        book.take(record, dissection, facts)
        guard isWhole else { return }
        detectors.take(record, dissection, facts)
        // A packet without a time is in no story; of the others, those that are of no conversation and no topic.
        var isTold = facts.timestamp != nil
        if isTold, facts.transport.conversations.isEmpty { isTold = detectors.tell(record, dissection) }
        if !isTold {
            untold.take(dissection, facts)
        }
    }

    /// The next story of a conversation that is to be told.
    public mutating func next() -> Story? {
        while let story = isFinished ? (left.isEmpty ? nil : left.removeLast()) : book.next() {
            foremost.take(story.findings, of: story.subject)
            guard isWhole, !tellsEach, let attempt = VainAttempt(story) else { return story }
            if vain.tells(attempt) { return story }
        }
        return nil
    }

    /// No more packets come.
    public mutating func finish() {
        left = book.finish().reversed()
        isFinished = true
    }

    /// What detectors found, and what was told together; asked for once all stories were taken out.
    public mutating func topics() -> [TopicStory] {
        var topics = detectors.stories
        let together = vain.findings
        if !together.isEmpty { topics.append(TopicStory(VainAttempts.topic, together)) }
        if let late = book.late.finding { topics.append(TopicStory(LateSegments.topic, [late])) }
        let others = untold.findings
        if !others.isEmpty { topics.append(TopicStory(UntoldPackets.topic, others)) }
        for topic in topics { foremost.take(topic.findings, of: topic.topic.subject) }
        return topics
    }
}
