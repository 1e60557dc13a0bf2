/// At most so many SYNs a second, evenly spread.
struct SendRate {
    /// Between two SYNs, in nanoseconds; nil: no limit.
    private let gap: Int64?
    private var next = Int64.min

    /// How much delay is made up for when a turn came late.
    private static let mostLag: Int64 = 10_000_000

    init(_ perSecond: Double?) { gap = perSecond.map { Int64(1e9 / max($0, 1e-3)) } }

    /// A pause is not made up for by a burst.
    mutating func catchUp(_ time: Int64) {
        guard gap != nil, next < time - Self.mostLag else { return }
        next = time
    }

    /// Whether a SYN may be sent now; then it counts as sent.
    mutating func take(at time: Int64) -> Bool {
        guard let gap else { return true }
        guard next <= time else { return false }
        next += gap
        return true
    }

    /// When the next one may be sent, if not yet.
    func due(after time: Int64) -> Int64? { next > time ? next : nil }
}
