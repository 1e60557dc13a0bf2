/// What a run of echo requests is to do; the names are ping's.
public struct PingPlan: Hashable, Sendable {
    /// When the next request leaves.
    public enum Pace: Hashable, Sendable {
        /// `-i`: in even steps.
        case interval
        /// `-A`: as soon as the last one is answered, 2 ms apart at least, at the interval at the latest.
        case adaptive
        /// `-f`: as soon as the last one is answered, or after 10 ms.
        case flood
    }

    /// `-c`: so many requests; nil goes on for ever. With a deadline so many answers (as ping does).
    public var count: Int?
    /// `-i`, nanoseconds.
    public var interval: Int64 = 1_000_000_000
    /// `-W`: how long to wait for answers after the last request; nil is two of the longest round trips, 2 s while
    /// there was no answer at all.
    public var linger: Int64?
    /// `-w`: when to end whatever happens; nanoseconds after the start.
    public var deadline: Int64?
    /// `-s`: bytes in a request.
    public var size = 56
    /// When the next request leaves.
    public var pace = Pace.interval

    /// 56 bytes a second until somebody ends it, as ping(8) does.
    public init() {}

    static let floodStep: Int64 = 10_000_000
    static let adaptiveStep: Int64 = 2_000_000
    /// How long to listen for duplicates when everything is answered.
    static let shortest: Int64 = 20_000_000
    static let withoutAnswer: Int64 = 2_000_000_000
}

/// Decides when to send, how long to wait and when to end; knows no socket and no clock.
struct PingSchedule {
    enum Step: Equatable {
        case send
        /// Wait for answers until this moment of the steady clock.
        case wait(until: Int64)
        case finished
    }

    private let plan: PingPlan
    private let start: Int64
    private var nextSend: Int64
    private var lastSend: Int64
    private var lastArrival: Int64

    init(plan: PingPlan, start: Int64) {
        self.plan = plan
        self.start = start
        nextSend = start
        lastSend = start
        lastArrival = start
    }

    mutating func noteSent(at now: Int64) {
        lastSend = now
        // Even steps: a late wake-up does not push the following ones; after a long pause they do not all come at once.
        nextSend = max(nextSend &+ plan.interval, now &- plan.interval)
    }

    mutating func noteArrival(at now: Int64) { lastArrival = now }

    func step(at now: Int64, _ ledger: borrowing PingLedger) -> Step {
        if let deadline = plan.deadline {
            if now - start >= deadline { return .finished }
            if let count = plan.count, ledger.statistics.answered >= count { return .finished }
        }
        let end = plan.deadline.map { start &+ $0 } ?? .max
        let isSending = plan.count.map { plan.deadline != nil || ledger.newest < UInt64($0) } ?? true
        let next: Int64
        if isSending {
            next = sendTime(ledger)
            if now >= next { return .send }
        } else {
            next = lastMoment(ledger)
            if now >= next { return .finished }
        }
        return .wait(until: min(next, end))
    }

    private func sendTime(_ ledger: borrowing PingLedger) -> Int64 {
        if ledger.newest == 0 { return start }
        // An ICMP message is no answer: who refuses is not to be flooded.
        let isAnswered = ledger.isAnswered(ledger.newest)
        switch plan.pace {
        case .interval: return nextSend
        case .flood: return isAnswered ? lastSend : lastSend &+ PingPlan.floodStep
        case .adaptive:
            return lastSend &+ (isAnswered ? PingPlan.adaptiveStep : max(PingPlan.adaptiveStep, plan.interval))
        }
    }

    /// When to stop listening once everything is sent.
    private func lastMoment(_ ledger: borrowing PingLedger) -> Int64 {
        let twice = 2 &* ledger.statistics.maximum
        if ledger.outstanding == 0 {
            let pause = max(twice, PingPlan.shortest)
            return max(lastSend, lastArrival) &+ min(pause, plan.linger ?? .max)
        }
        if let linger = plan.linger { return lastSend &+ linger }
        if ledger.statistics.answered == 0 { return lastSend &+ PingPlan.withoutAnswer }
        return lastSend &+ max(twice, min(plan.interval, 1_000_000_000), 100_000_000)
    }
}
