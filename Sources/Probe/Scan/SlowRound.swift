/// The last look at the ports of a host that kept silent although it refuses others: it may limit how many refusals it
/// sends a second (Linux: one ICMP message a second to each peer after a burst of six; FreeBSD: 200 RSTs a second), and
/// then its closed ports are as silent as dropped ones, however often they are asked in quick succession.
///
/// Every limiter is a store of tokens that fills with time, and every refusal takes one. So a *pass* over all silent
/// ports begins when the host has refused nothing for so long that there must be a token. Where no port answers, none
/// was held back. Where one does, there is a limit, and the ports are asked in small batches, as fast as answers come,
/// until passes get no answer any more. Silent ports take no token, so that what the round costs is the limit's price
/// of each closed port.
///
/// Logic only: the scanner sends, and tells what became of each probe.
struct SlowRound {
    /// The limits that are recognised: at least one answer in this time.
    static let quiet: Int64 = 1_100_000_000
    /// A batch at least; most limits let so many through in the time that the silent ones of a batch are waited for.
    private static let leastBatch = 8
    private static let leastPause: Int64 = 2_000_000
    private static let leastMeasured: Int64 = 1_000_000_000

    private var queue = PortQueue()
    /// Ports without an answer.
    private(set) var remaining: Int
    /// Whether a port answered that had kept silent: the host limits its answers.
    private(set) var isLimited = false
    /// Whether passes enough got no answer: what is silent now is silent by itself.
    private(set) var isOver = false

    /// How long an answer takes at most, as far as was measured: then a batch without one met an empty store.
    private let turnaround: Int64
    private var startsAt: Int64
    private var lastAnswerAt: Int64
    private var lastSentAt: Int64 = 0
    private var isUnderWay = false
    private var isPass = false
    private var (toSend, inFlight, asked, answered) = (0, 0, 0, 0)
    private var size = Self.leastBatch
    private var pause: Int64
    private var silentPasses = 0
    /// Answers since the store was first seen empty, and when that was.
    private var emptySince: Int64?
    private var answersSince = 0
    /// The quickest that answers came over the time since then: while closed ports are many, as fast as tokens do.
    private(set) var answersPerSecond: Double?

    /// - Parameters:
    ///   - lastAnswerAt: when the host last refused, on the scanner's clock.
    ///   - turnaround: from a SYN to its answer, at most, nanoseconds.
    init(_ ports: [UInt16], lastAnswerAt: Int64, turnaround: Int64) {
        for port in ports { queue.append(port) }
        remaining = ports.count
        self.lastAnswerAt = lastAnswerAt
        self.turnaround = max(turnaround, Self.leastPause)
        pause = self.turnaround
        startsAt = lastAnswerAt &+ Self.quiet
    }

    /// When the scanner has to look again; nil while only answers can change something.
    var due: Int64? {
        guard isUnderWay else { return startsAt }
        return isPass || toSend > 0 ? nil : lastSentAt &+ turnaround
    }

    /// The next port to ask now.
    mutating func take(at time: Int64) -> UInt16? {
        if isUnderWay, !isPass, toSend == 0, time >= lastSentAt &+ turnaround { endBatch(at: time) }
        if !isUnderWay {
            guard !isOver, time >= startsAt else { return nil }
            let isPass = time >= lastAnswerAt &+ Self.quiet
            // A pass tells something only when nothing else is asked beside it.
            if isPass, inFlight > 0 { return nil }
            self.isPass = isPass
            isUnderWay = true
            (toSend, asked, answered) = (isPass ? remaining : min(size, remaining - inFlight), 0, 0)
        }
        guard toSend > 0, let port = queue.next() else {
            toSend = 0
            return nil
        }
        toSend -= 1
        asked += 1
        inFlight += 1
        lastSentAt = time
        return port
    }

    /// The port could not be asked now.
    mutating func putBack(_ port: UInt16) {
        queue.append(port)
        toSend += 1
        asked -= 1
        inFlight -= 1
    }

    /// The port kept silent once more.
    mutating func wasSilent(_ port: UInt16, at time: Int64) {
        queue.append(port)
        inFlight -= 1
        if inFlight == 0, toSend == 0 { endBatch(at: time) }
    }

    /// The port has its answer.
    /// - Parameter isRefusal: whether the answer may have been held back, and says something new of the port.
    mutating func wasAnswered(isRefusal: Bool, at time: Int64) {
        remaining -= 1
        inFlight -= 1
        if isRefusal {
            answered += 1
            answersSince += 1
            isLimited = true
            lastAnswerAt = time
            // The rest of a pass would meet an empty store.
            if isPass { toSend = 0 }
        }
        if inFlight == 0, toSend == 0 { endBatch(at: time) }
        if remaining == 0 { isOver = true }
    }

    private mutating func endBatch(at time: Int64) {
        guard isUnderWay else { return }
        isUnderWay = false
        startsAt = time
        if answered > 0 {
            learn(at: time)
        } else if isPass {
            silentPasses += 1
            // A second pass, because a limit that was met makes a lost packet more costly.
            isOver = silentPasses >= (isLimited ? 2 : 1)
        } else {
            startsAt = min(time &+ pause, lastAnswerAt &+ Self.quiet)
            pause = min(pause * 2, Self.quiet)
        }
    }

    /// A batch got answers: how many may the next one have, and when?
    private mutating func learn(at time: Int64) {
        silentPasses = 0
        pause = turnaround
        if answered == asked {
            size = min(max(size, answered) * 2, 4096)
            return
        }
        size = max(Self.leastBatch, min(size, answered * 8))
        guard let since = emptySince else {
            (emptySince, answersSince) = (time, 0)
            return
        }
        let elapsed = lastAnswerAt &- since
        // The store may not have been empty altogether: only over some time does that not matter.
        if answersSince >= 3, elapsed >= Self.leastMeasured {
            answersPerSecond = max(answersPerSecond ?? 0, Double(answersSince) * 1e9 / Double(elapsed))
        }
        if let rate = answersPerSecond {
            startsAt = max(time, min(lastAnswerAt &+ Int64(1e9 / max(rate, 0.9)), lastAnswerAt &+ Self.quiet))
        }
    }
}

/// Hosts that may limit their answers.
extension ConnectScanner where Network: ~Copyable {
    /// Whether a host's silent ports have to be asked once more, slowly; then that has begun.
    ///
    /// Only where the host refused a port, or where losses were seen: without an answer that a limit could hold back
    /// there is nothing to find.
    mutating func beginSlowRound(_ place: Int, _ host: HostScan) -> Bool {
        guard host.slow == nil, settings.retries == nil, !host.looksFirst, host.isRefusing || host.pace.hasLosses
        else { return false }
        let silent = plan.order.filter { host.records[Int($0)].reason == .noResponse }
        guard !silent.isEmpty else { return false }
        // Their repeated SYNs would take the tokens.
        for probe in table.places where table[probe].stage == .late && Int(table[probe].host) == place {
            drop(probe, of: host)
        }
        for port in silent {
            host.records[Int(port)].reason = .undecided
            progress.unanswered += Int64(host.records[Int(port)].attempts)
        }
        host.decidedCount -= silent.count
        progress.decided &-= UInt64(silent.count)
        progress.slowHosts += 1
        let turnaround = (host.estimator.smoothed ?? 0) &+ 4 &* host.estimator.variation
        host.slow = SlowRound(silent, lastAnswerAt: max(host.lastAnswerAt, host.startedAt), turnaround: turnaround)
        return true
    }

    /// What keeps silent in the slow round, too, is filtered.
    mutating func endSlowRound(_ host: HostScan) {
        progress.slowHosts -= 1
        host.rateLimit = host.slow?.isLimited == true ? RateLimit(answersPerSecond: host.slow?.answersPerSecond) : nil
        for port in host.records.indices where host.records[port].reason == .undecided {
            decide(port, .noResponse, icmp: nil, sender: nil, roundTrip: nil, host)
        }
    }
}

/// What was seen of a host's limit of answers.
public struct RateLimit: Hashable, Sendable {
    /// Answers a second; nil where too few came to say.
    public let answersPerSecond: Double?
}
