import Addressing
import Conversations

/// The events of a story that can come any number of times: of each kind and side the first few are told one by one,
/// the rest together, so that a story stays short and its memory bounded.
struct StoryMarks: Sendable {
    /// So many of one kind are told one by one.
    static let individually = 4

    private struct Key: Hashable {
        let kind: Finding.Kind
        let side: Finding.Side?
    }

    private(set) var events: [StoryEvent] = []
    private var counts: [Key: Int] = [:]
    private var sums: [Key: Int] = [:]

    /// - Parameter bytes: what a sum of such events adds up.
    mutating func add(
        _ kind: Finding.Kind, _ what: StoryEvent.Kind, by side: Finding.Side?, packet: Int, also: [Int] = [],
        at time: Timestamp, bytes: UInt64 = 0
    ) {
        add(kind, StoryEvent(what, by: side, PacketNumbers(also + [packet]), at: time), bytes: bytes)
    }

    /// Takes back that a packet did not belong to the connection, where that was told of it.
    mutating func takeBackForeign(_ packet: Int, by side: Finding.Side) {
        let key = Key(kind: .foreign, side: side)
        let place = events.firstIndex {
            if case .foreign = $0.kind { $0.side == side && $0.packets.last == packet } else { false }
        }
        guard let place else { return }
        events.remove(at: place)
        counts[key] = counts[key].map { $0 - 1 }
        for (other, index) in sums where index > place { sums[other] = index - 1 }
    }

    mutating func add(_ kind: Finding.Kind, _ event: StoryEvent, bytes: UInt64 = 0) {
        let key = Key(kind: kind, side: event.side)
        let count = counts[key, default: 0]
        counts[key] = count + 1
        if count < Self.individually {
            events.append(event)
        } else if let index = sums[key], case .more(_, let sum, let all) = events[index].kind {
            events[index].kind = .more(kind, count: sum + 1, bytes: all &+ bytes)
            events[index].packets.add(event.packets.last)
            events[index].duration = event.time.elapsed(since: events[index].time)
        } else {
            sums[key] = events.count
            events.append(
                StoryEvent(
                    .more(kind, count: 1, bytes: bytes), by: event.side, PacketNumbers(event.packets.last),
                    at: event.time))
        }
    }
}
