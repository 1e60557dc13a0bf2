import Addressing
import Capture
import Packets

/// How long after the packets before it each packet of a capture came.
struct PacketTimes: Sendable {
    private var first: Timestamp?
    private var previous: Timestamp?
    private var shown: Timestamp?

    /// Fills in the times of the next packet in the file's order.
    mutating func note(_ time: Timestamp?, in facts: inout PacketFacts) {
        if first == nil { first = time }
        facts.sinceFirst = time?.nanoseconds(since: first ?? .epoch)
        facts.sincePrevious = time.map { $0.nanoseconds(since: previous ?? $0) }
        facts.sinceShown = time.map { $0.nanoseconds(since: shown ?? $0) }
        previous = time ?? previous
    }

    /// Remembers that the packet noted last was shown.
    mutating func show(_ time: Timestamp?) { shown = time }
}
