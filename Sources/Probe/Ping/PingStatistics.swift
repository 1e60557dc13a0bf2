/// The figures of a run, fed one event at a time. All times in nanoseconds.
public struct PingStatistics: Sendable, Hashable {
    /// Requests that left.
    public private(set) var sent = 0
    /// Requests that were answered, well or badly.
    public private(set) var answered = 0
    /// First answers that were intact.
    public private(set) var received = 0
    /// Intact answers to requests that had been answered before.
    public private(set) var duplicated = 0
    /// First answers that came after the answer to a later request (RFC 4737 section 2).
    public private(set) var reordered = 0
    /// Answers that were not, byte for byte, what was sent.
    public private(set) var corrupted = 0
    /// Requests that an ICMP message, or this machine, said could not be delivered.
    public private(set) var undeliverable = 0
    /// Datagrams that answer nothing that was sent.
    public private(set) var strange = 0

    /// All round-trip times, for percentiles.
    public private(set) var histogram = LatencyHistogram()
    /// The shortest round-trip time in nanoseconds; 0 without answers.
    public private(set) var minimum: Int64 = 0
    /// The longest round-trip time in nanoseconds; 0 without answers.
    public private(set) var maximum: Int64 = 0
    /// Interarrival jitter, RFC 3550 section 6.4.1 and appendix A.8.
    public private(set) var jitter = 0.0
    private var mean = 0.0
    private var squares = 0.0
    private var last: Int64?

    /// Nothing sent so far.
    public init() {}

    /// Requests that nobody answered.
    public var lost: Int { sent - answered }
    /// Per cent of the requests; 0 when none was sent.
    public var lossPercent: Double { sent == 0 ? 0 : 100 * Double(lost) / Double(sent) }
    /// The mean of all round-trip times in nanoseconds.
    public var average: Double { mean }
    /// The standard deviation of all round-trip times, which ping calls mdev.
    public var deviation: Double { received == 0 ? 0 : (squares / Double(received)).squareRoot() }
    /// The round-trip time in nanoseconds that so many per cent did not exceed; nil without answers.
    public func percentile(_ percent: Double) -> Int64? {
        histogram.percentile(percent).map { min(max($0, minimum), maximum) }
    }

    mutating func addSent() { sent += 1 }
    mutating func addUndeliverable() { undeliverable += 1 }
    mutating func addStrange() { strange += 1 }
    mutating func addDuplicate() { duplicated += 1 }

    mutating func addCorrupted(isFirst: Bool) {
        corrupted += 1
        if isFirst { answered += 1 }
    }

    mutating func addReordered() { reordered += 1 }

    /// A first, intact answer.
    mutating func addReply(roundTrip: Int64) {
        answered += 1
        received += 1
        minimum = received == 1 ? roundTrip : min(minimum, roundTrip)
        maximum = max(maximum, roundTrip)
        histogram.add(roundTrip)
        // Welford's way: no sum of squares that loses its digits.
        let time = Double(roundTrip)
        let delta = time - mean
        mean += delta / Double(received)
        squares += delta * (time - mean)
        // D(i-1, i), the difference of two transit times: the send times cancel out of the difference of round trips.
        if let last { jitter += (Double((roundTrip &- last).magnitude) - jitter) / 16 }
        last = roundTrip
    }
}
