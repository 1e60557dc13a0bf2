import Addressing
import Sockets

/// How a connection is tried at several addresses (RFC 8305, "Happy Eyeballs"): the next attempt begins 250 ms after
/// the last one, not only when that has timed out, and the families take turns. The first connection that is made is
/// taken, and the other attempts are given up. Decides and keeps track; knows no socket and no clock.
public struct HappyEyeballs: Sendable, Hashable {
    /// One address and what came of it.
    public struct Attempt: Sendable, Hashable {
        /// The address, with port and scope.
        public let endpoint: Endpoint
        /// Nanoseconds on the steady clock; nil: it was never tried.
        public internal(set) var started: Int64?
        /// Nanoseconds on the steady clock; nil while it is under way, or was never tried.
        public internal(set) var ended: Int64?
        /// What came of it.
        public internal(set) var outcome = Outcome.notTried

        /// How long it took, nanoseconds.
        public var duration: Int64? {
            guard let started, let ended else { return nil }
            return ended - started
        }
    }

    /// What can come of an attempt.
    public enum Outcome: Sendable, Hashable {
        /// Another was connected before its turn came.
        case notTried
        case pending
        case connected
        /// - by: the ICMP message that says so, where there was one.
        case failed(SocketError, by: QueuedError?)
        /// Given up because another was first.
        case overtaken
        /// No answer until the time was over.
        case timedOut
    }

    /// What the caller has to do next: start an attempt, wait until a moment, or stop.
    public enum Step: Sendable, Hashable {
        case start(Int)
        case wait(until: Int64)
        case finished
    }

    /// RFC 8305 section 8: the recommended Connection Attempt Delay.
    public static let delay: Int64 = 250_000_000

    /// All candidates in the order in which they are tried.
    public private(set) var attempts: [Attempt]
    /// The attempt that won.
    public private(set) var winner: Int?
    private let end: Int64
    private var nextStart: Int64

    /// - Parameters:
    ///   - candidates: in the resolver's order (RFC 6724).
    ///   - now: nanoseconds on the steady clock.
    ///   - timeout: nanoseconds after which everything is given up.
    public init(_ candidates: [Endpoint], now: Int64, timeout: Int64) {
        attempts = Self.interleaved(candidates).map { Attempt(endpoint: $0) }
        end = now &+ timeout
        nextStart = now
    }

    /// Section 4: the families in turn, the family of the first address first, each family in its own order.
    static func interleaved(_ candidates: [Endpoint]) -> [Endpoint] {
        guard let first = candidates.first.map({ AddressFamily(of: $0.address) }) else { return [] }
        var queues = [
            candidates.filter { AddressFamily(of: $0.address) == first }[...],
            candidates.filter { AddressFamily(of: $0.address) != first }[...],
        ]
        var result: [Endpoint] = []
        var turn = 0
        while result.count < candidates.count {
            if let next = queues[turn].popFirst() { result.append(next) }
            turn = 1 - turn
        }
        return result
    }

    /// What to do at this moment (nanoseconds of the steady clock).
    public func step(at now: Int64) -> Step {
        if winner != nil { return .finished }
        if now >= end { return .finished }
        let next = attempts.firstIndex { $0.started == nil }
        let isTrying = attempts.contains { $0.outcome == .pending }
        if let next {
            // Section 5: when everything that was begun has failed there is nothing to wait for.
            if now >= nextStart || !isTrying { return .start(next) }
            return .wait(until: min(nextStart, end))
        }
        return isTrying ? .wait(until: end) : .finished
    }

    /// An attempt has begun; the next may begin `delay` later.
    public mutating func started(_ index: Int, at now: Int64) {
        attempts[index].started = now
        attempts[index].outcome = .pending
        nextStart = now &+ Self.delay
    }

    /// An attempt has its connection; the first one wins.
    public mutating func connected(_ index: Int, at now: Int64) {
        attempts[index].ended = now
        attempts[index].outcome = .connected
        if winner == nil { winner = index }
    }

    /// An attempt has failed; `queued` is the ICMP message that says why, where there was one.
    public mutating func failed(_ index: Int, _ error: SocketError, by queued: QueuedError? = nil, at now: Int64) {
        attempts[index].ended = now
        attempts[index].outcome = .failed(error, by: queued)
    }

    /// Gives up what is still pending.
    public mutating func finish(at now: Int64) {
        for index in attempts.indices where attempts[index].outcome == .pending {
            attempts[index].ended = now
            attempts[index].outcome = winner == nil ? .timedOut : .overtaken
        }
    }
}

/// Where connections are made: sockets, or a simulated network with simulated time.
public protocol DialNetwork: ~Copyable {
    /// Nanoseconds on the steady clock.
    mutating func now() -> Int64
    /// Begins a connection.
    mutating func start(_ index: Int, _ endpoint: Endpoint) -> DialProgress
    /// Waits until something became of an attempt, or until the clock shows `until`.
    mutating func wait(until: Int64) throws(SocketError) -> [(index: Int, progress: DialProgress)]
    /// Forgets an attempt that is not wanted any more.
    mutating func giveUp(_ index: Int)
}

/// How far one attempt is.
public enum DialProgress: Sendable, Hashable {
    case pending
    case connected
    case failed(SocketError, QueuedError?)
}

extension HappyEyeballs {
    /// Tries until one is connected, all have failed, or the time is over.
    public mutating func run<Network: DialNetwork & ~Copyable>(_ network: inout Network) throws(SocketError) {
        while true {
            let now = network.now()
            switch step(at: now) {
            case .finished:
                for index in attempts.indices where attempts[index].outcome == .pending { network.giveUp(index) }
                return finish(at: now)
            case .start(let index):
                started(index, at: now)
                note(index, network.start(index, attempts[index].endpoint), &network)
            case .wait(let until):
                for (index, progress) in try network.wait(until: until) { note(index, progress, &network) }
            }
        }
    }

    private mutating func note<Network: DialNetwork & ~Copyable>(
        _ index: Int, _ progress: DialProgress, _ network: inout Network
    ) {
        switch progress {
        case .pending: break
        case .connected:
            // Two were connected at the same moment: the second counts as overtaken.
            if winner == nil { connected(index, at: network.now()) } else { network.giveUp(index) }
        case .failed(let error, let queued): failed(index, error, by: queued, at: network.now())
        }
    }
}
