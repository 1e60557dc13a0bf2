/// How fast one host is asked and how often: the window of probes in flight, and the attempts that its losses call for.
///
/// Like TCP's congestion window (RFC 5681) with one difference: silence is no sign of loss here, most silent ports are
/// dropped on purpose. Only a port that answers a later attempt shows that an earlier one was lost. So the window grows
/// with every probe that ends, answered or not, and shrinks on evidence alone.
struct HostPace {
    private(set) var window: Double
    private var threshold = Double.infinity
    private let least: Double
    private var lastShrunkAt = Int64.min

    /// SYNs that are known to have been answered or lost.
    private var trials = 0.0
    private var losses = 0.0
    /// Whether a port answered that had kept silent before.
    var hasLosses: Bool { losses > 0 }
    /// How often a port is asked before it is called filtered.
    private(set) var attempts: Int
    private let fixedAttempts: Int?

    /// The share of ports that answer but may be taken for silent.
    private static let acceptedMisses = 1e-8
    private static let attemptsBounds = 3...10
    /// While nothing is known about losses.
    private static let firstAttempts = 5

    init(_ distance: HostDistance, retries: Int?) {
        window =
            switch distance {
            // No network in between that could be overrun.
            case .own: 16_384
            case .link: 1024
            case .far: 128
            }
        least = window / 4
        fixedAttempts = retries.map { min($0, 254) + 1 }
        attempts = Self.firstAttempts(retries: retries)
    }

    /// How often a silent port is asked while nothing is known about losses.
    static func firstAttempts(retries: Int?) -> Int { retries.map { min($0, 254) + 1 } ?? firstAttempts }

    /// How long to wait for a first answer: RFC 6298 (2.1) says a second where nothing is known; here something is.
    static func firstWait(_ distance: HostDistance) -> Int64 {
        switch distance {
        case .own: 100_000_000
        case .link: 200_000_000
        case .far: 1_000_000_000
        }
    }

    /// How much longer each attempt waits than the first, so that a busy or slow way has time to recover.
    static func patience(attempt: Int) -> Int64 { [100, 100, 125, 150, 200, 250][min(attempt, 6) - 1] }

    /// A probe has ended: answered, or silent for its time.
    mutating func grow() {
        window += window < threshold ? 1 : 1 / window
    }

    /// A port answered its `attempt`th SYN and none before it.
    ///
    /// - Returns: whether more attempts are called for than until now.
    mutating func answered(attempt: Int, now: Int64, wait: Int64) -> Bool {
        trials += Double(attempt)
        losses += Double(attempt - 1)
        if attempt > 1, lastShrunkAt == .min || now - lastShrunkAt > wait {
            lastShrunkAt = now
            threshold = max(least, window * 0.7)
            window = threshold
        }
        guard fixedAttempts == nil else { return false }
        let loss = min(0.9, (losses + 0.5) / (trials + 1))
        var wanted = 1
        var missed = loss
        while missed > Self.acceptedMisses, wanted < Self.attemptsBounds.upperBound {
            missed *= loss
            wanted += 1
        }
        // A few answers without a loss say little; they are no reason to ask more often than with no answer at all.
        if losses == 0 { wanted = min(wanted, Self.firstAttempts) }
        let before = attempts
        attempts = min(max(wanted, Self.attemptsBounds.lowerBound), Self.attemptsBounds.upperBound)
        return attempts > before
    }
}
