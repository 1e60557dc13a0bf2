import Addressing
import DequeModule
import Packets

/// When to let go of which conversation, and in which order: of each some time after it is over, in the order in which
/// they began. It knows names only; the caller keeps what is known of the conversations.
///
///     order.begin(name)                               // its first packet
///     order.close(name, at: time)                     // it is over
///     order.advance(to: time)
///     while let name = order.next() { … }             // over for long: print it, forget it
///     for name in order.finish() { … }                // what is left
///
/// A connection that is over lingers for a minute of the capture's time, as Linux keeps TIME-WAIT, or until 4,096
/// others ended after it: so long a FIN may be repeated, or a SYN that was refused be tried again. Then it waits for
/// those that began before it; but where more than `patience` of them wait for one that stays open, the waiting ones
/// come first.
///
/// UDP knows no end: of its exchanges the 16,384 of which a packet came last are kept, and what comes of another after
/// that begins it anew. Neither has an attempt to connect that nobody answers: of those, too, the latest 16,384 are
/// kept, so that a flood or a scan of any length takes no more memory.
///
/// What is kept grows with the open ones: those that were let go of are remembered as ranges of numbers, whose gaps are
/// the open ones.
public struct ReleaseOrder: Sendable {
    /// How long a connection that is over is kept, in nanoseconds of the capture's time.
    public static let lingerTime: Int64 = 60_000_000_000
    /// How many such connections are kept at most.
    public static let lingeringLimit = 4096
    /// How many UDP exchanges, and how many unanswered attempts to connect, are kept at most; beyond, the one that is
    /// silent for longest goes.
    public static let idleLimit = 16_384

    private struct Closed {
        let name: ConversationName
        let time: Timestamp
    }

    private let patience: Int
    private let linger: Int64
    private let limit: Int
    private let idleLimit: Int
    /// The place of each kept conversation in the order in which they began.
    private var places: [ConversationName: Int] = [:]
    private var begun = 0
    private var lingering = Deque<Closed>()
    /// Over for long, by place.
    private var settled: [Int: ConversationName] = [:]
    /// Places below this one were let go of, and above it those in `early`.
    private var nextPlace = 0
    private var early = RangeSet<Int>()
    private var ready = Deque<ConversationName>()
    private var datagrams: IdleOrder
    private var attempts: IdleOrder
    /// The TCP streams that were let go of.
    private var gone = RangeSet<UInt32>()

    /// - Parameters:
    ///   - patience: so many that were over for long wait for one that stays open.
    ///   - linger: how long one is kept after its end, in nanoseconds.
    ///   - limit: how many are.
    ///   - idleLimit: how many UDP exchanges, and how many unanswered attempts, are.
    public init(
        patience: Int = 1000, linger: Int64 = ReleaseOrder.lingerTime, limit: Int = ReleaseOrder.lingeringLimit,
        idleLimit: Int = ReleaseOrder.idleLimit
    ) {
        (self.patience, self.linger, self.limit, self.idleLimit) = (max(0, patience), linger, max(0, limit), idleLimit)
        (datagrams, attempts) = (IdleOrder(limit: idleLimit), IdleOrder(limit: idleLimit))
    }

    /// How many conversations are kept.
    public var count: Int { places.count }

    /// Whether a packet belongs to a conversation that was let go of.
    public func isGone(_ name: ConversationName) -> Bool { name.transport == .tcp && gone.contains(name.stream) }

    /// Takes in the first packet of a conversation.
    public mutating func begin(_ name: ConversationName) {
        guard places[name] == nil else { return }
        places[name] = begun
        begun += 1
    }

    /// Takes in the end of a conversation.
    public mutating func close(_ name: ConversationName, at time: Timestamp) {
        lingering.append(Closed(name: name, time: time))
    }

    /// Takes in the time of the current packet.
    public mutating func advance(to time: Timestamp) {
        while let oldest = lingering.first, lingering.count > limit || time.elapsed(since: oldest.time) ?? 0 >= linger {
            lingering.removeFirst()
            settle(oldest.name)
        }
    }

    /// Takes in a packet of a UDP exchange, and lets go of the one that was idle for longest where there are too many.
    public mutating func noteDatagram(_ name: ConversationName) {
        if let idle = datagrams.note(name) { settle(idle) }
    }

    /// Takes in a segment of a TCP connection. While nobody has answered it is an attempt: of too many the one that was
    /// idle for longest goes. Once answered, a connection is over when it is closed.
    /// - Parameter was: whether it was an attempt before this segment.
    public mutating func noteSegment(_ name: ConversationName, isAttempt: Bool, was: Bool) {
        if isAttempt {
            if let idle = attempts.note(name) { settle(idle) }
        } else if was {
            attempts.forget(name)
        }
    }

    private mutating func settle(_ name: ConversationName) {
        if let place = places[name] { settled[place] = name }
        release()
    }

    /// The next conversation to let go of.
    public mutating func next() -> ConversationName? { ready.popFirst() }

    /// All that are left, in the order in which they began.
    public mutating func finish() -> [ConversationName] {
        var left: [ConversationName] = []
        while let name = ready.popFirst() { left.append(name) }
        left += places.sorted { $0.value < $1.value }.map(\.key)
        self = ReleaseOrder(patience: patience, linger: linger, limit: limit, idleLimit: idleLimit)
        return left
    }

    private mutating func release() {
        while let name = settled.removeValue(forKey: nextPlace) {
            hand(name)
            advance()
        }
        guard settled.count > patience else { return }
        for (place, name) in settled.sorted(by: { $0.key < $1.key }) {
            hand(name)
            early.insert(contentsOf: place..<place + 1)
        }
        settled.removeAll(keepingCapacity: true)
        if early.contains(nextPlace) { advance() }
    }

    private mutating func hand(_ name: ConversationName) {
        ready.append(name)
        places[name] = nil
        if name.transport == .tcp, name.stream < .max { gone.insert(contentsOf: name.stream..<name.stream + 1) }
    }

    /// To the next place that was not let go of.
    private mutating func advance() {
        if !early.contains(nextPlace) { nextPlace += 1 }
        if let first = early.ranges.first, first.contains(nextPlace) {
            nextPlace = first.upperBound
            early.remove(contentsOf: first)
        }
    }
}
