import Addressing
import Conversations
import Packets

/// Takes the packets of one capture, in the order of their times, and keeps what pairing and drawing need of them.
public struct SightingCollector: Sendable {
    private let depth: Int
    private let keepsWords: Bool
    private var analyzer: TransportAnalyzer
    /// Packets are paired whole: what a tunnel carries is the tunnel's.
    private var collector = ConversationCollector(opensTunnels: false)
    /// The packets with TCP or UDP of their own, in the order of the file.
    public private(set) var sightings: [Sighting] = []
    /// Packets that have no TCP or UDP layer of their own: they are paired by their content alone.
    public private(set) var others: [OtherSighting] = []
    /// From the first packet's time to the last one's, of whatever kind; nil without any that has a time.
    public private(set) var running: ClosedRange<Timestamp>?

    /// - Parameters:
    ///   - depth: how many payload bytes are compared: no more than both captures have kept.
    ///   - keepingWords: whether it is kept in a few words what each packet carries.
    ///   - seed: a random number, as `TransportAnalyzer` wants one.
    public init(depth: Int = PacketContent.greatestDepth, keepingWords: Bool = false, seed: UInt64) {
        self.depth = depth
        keepsWords = keepingWords
        analyzer = TransportAnalyzer(seed: seed)
    }

    /// Takes the next packet of the capture.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts) {
        var facts = facts
        if let time = facts.timestamp {
            running = min(running?.lowerBound ?? time, time)...max(running?.upperBound ?? time, time)
        }
        facts.transport = analyzer.facts(of: record, dissection, number: facts.number, time: facts.timestamp)
        collector.take(record, dissection, facts)
        if let sighting = Sighting(record, dissection, facts, depth: depth, keepingWords: keepsWords) {
            sightings.append(sighting)
        } else {
            others.append(OtherSighting(record, dissection, number: facts.number))
        }
    }

    /// The conversations of the packets so far.
    public var conversations: [Conversation] { collector.conversations }
}
