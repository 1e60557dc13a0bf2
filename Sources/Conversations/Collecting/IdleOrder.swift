import DequeModule

/// Of conversations that have no end of their own: which has been silent for longest. At most `limit` are kept; one
/// more pushes that one out.
struct IdleOrder: Sendable {
    private let limit: Int
    /// When the latest packet of each came, counted in packets.
    private var latest: [ConversationName: Int] = [:]
    private var packets = 0
    /// Packets in order. An entry counts only while it is the latest of its conversation.
    private var queue = Deque<(name: ConversationName, packet: Int)>()

    /// - Parameter limit: how many are kept, at least one.
    init(limit: Int) { self.limit = max(1, limit) }

    /// Takes in a packet of a conversation.
    /// - Returns: the one that is pushed out.
    mutating func note(_ name: ConversationName) -> ConversationName? {
        packets += 1
        latest[name] = packets
        queue.append((name, packets))
        defer { throwOutStale() }
        guard latest.count > limit else { return nil }
        while let oldest = queue.popFirst() {
            guard latest[oldest.name] == oldest.packet else { continue }
            latest[oldest.name] = nil
            return oldest.name
        }
        return nil
    }

    /// From now on its end is known in another way.
    mutating func forget(_ name: ConversationName) { latest[name] = nil }

    /// Entries that a later packet made stale are thrown out from time to time, so that the queue is bounded, too.
    private mutating func throwOutStale() {
        guard queue.count > 2 * limit else { return }
        for _ in 0..<queue.count {
            if let entry = queue.popFirst(), latest[entry.name] == entry.packet { queue.append(entry) }
        }
    }
}
