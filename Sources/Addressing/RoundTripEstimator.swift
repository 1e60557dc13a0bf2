/// How long an answer usually takes and how long to wait for one, from measured round trips: RFC 6298 section 2.
///
/// All times are nanoseconds. Give it only times that belong to one question without doubt (Karn's algorithm, section
/// 3): an answer after a repeated question measures nothing unless it says which of the two it answers.
public struct RoundTripEstimator: Hashable, Sendable {
    /// SRTT; nil before the first sample.
    public private(set) var smoothed: Int64?
    /// RTTVAR, the smoothed mean deviation; 0 before the first sample.
    public private(set) var variation: Int64 = 0
    /// How many round trips were measured.
    public private(set) var sampleCount = 0

    private let smoothing: Double

    /// - Parameter smoothing: the weight of a new sample in `smoothed`, above 0 and at most 1 (RFC 6298's alpha, 1/8).
    public init(smoothing: Double = 0.125) { self.smoothing = smoothing }

    /// Takes in one measured round trip. Negative ones (a clock that jumped) count as 0, those above a day as a day.
    public mutating func add(_ sample: Int64) {
        let sample = min(max(0, sample), 86_400_000_000_000)
        sampleCount &+= 1
        guard let old = smoothed else {
            // (2.2) SRTT <- R, RTTVAR <- R/2
            smoothed = sample
            variation = sample / 2
            return
        }
        // (2.3) RTTVAR <- 3/4 RTTVAR + 1/4 |SRTT - R|, then SRTT <- (1 - alpha) SRTT + alpha R
        variation += (abs(old - sample) - variation) / 4
        smoothed = old + Int64(Double(sample - old) * smoothing)
    }

    /// RTO, (2.3): SRTT + 4 RTTVAR, within the bounds; `initial` while there is no sample.
    public func timeout(initial: Int64, within bounds: ClosedRange<Int64>) -> Int64 {
        guard let smoothed else { return min(max(initial, bounds.lowerBound), bounds.upperBound) }
        return min(max(smoothed + 4 * variation, bounds.lowerBound), bounds.upperBound)
    }
}
