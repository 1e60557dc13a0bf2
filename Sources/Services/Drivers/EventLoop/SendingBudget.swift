/// How much of what one client says goes to others while one of them does not keep up: at once up to a limit, and from
/// then on only so fast. A bucket that fills up again with time.
struct SendingBudget: Sendable {
    /// In octets: a long text may be pasted.
    static let burst: Int64 = 65_536
    /// Octets a second: more than anybody types or reads, and so little that whoever reads at all keeps up.
    static let rate: Int64 = 32_768

    private var left = burst
    private var time: Int64 = 0

    /// Takes octets that went to each of the others.
    ///
    /// - Parameter now: monotonic, in nanoseconds.
    /// - Returns: until when nothing more may come from this client; nil where there is some left.
    mutating func spend(_ count: Int, at now: Int64) -> Int64? {
        // An hour makes up for anything, and cannot overflow.
        let passed = min(max(0, now - time), 3_600_000_000_000)
        left = min(Self.burst, left + passed * Self.rate / 1_000_000_000) - Int64(count)
        time = now
        return left >= 0 ? nil : now + -left * 1_000_000_000 / Self.rate
    }
}
