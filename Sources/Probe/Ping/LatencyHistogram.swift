/// Counts times in buckets that grow with the time, so that any number of them fits in a fixed room: percentiles are
/// exact below 1,024 ns and to 0.1 % above.
public struct LatencyHistogram: Sendable, Hashable {
    /// Each power of two is cut into so many steps.
    private static let steps = 1024
    private static let stepBits = 10

    private var buckets: [UInt32]
    /// How many times were added.
    public private(set) var count = 0

    /// An empty histogram; it takes room as longer times come.
    public init() { buckets = [] }

    /// Adds a time in nanoseconds; a negative one counts as 0.
    public mutating func add(_ nanoseconds: Int64) {
        let place = Self.place(of: UInt64(max(0, nanoseconds)))
        if place >= buckets.count {
            buckets.append(contentsOf: repeatElement(0, count: place + Self.steps - buckets.count))
        }
        buckets[place] &+= 1
        count += 1
    }

    /// The time that so many of hundred times do not exceed (nearest rank); nil while there are none.
    public func percentile(_ percent: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, Int((percent / 100 * Double(count)).rounded(.up)))
        var seen = 0
        for (place, number) in buckets.enumerated() where number > 0 {
            seen += Int(number)
            if seen >= rank { return Self.value(of: place) }
        }
        return nil
    }

    /// How many times lie from `low` up to, not including, `high`, both in nanoseconds.
    public func count(from low: Int64, to high: Int64) -> Int {
        var sum = 0
        for (place, number) in buckets.enumerated() where number > 0 {
            let value = Self.value(of: place)
            if value >= low && value < high { sum += Int(number) }
        }
        return sum
    }

    private static func place(of value: UInt64) -> Int {
        if value < UInt64(steps) { return Int(value) }
        let shift = UInt64(64 - value.leadingZeroBitCount - 1 - stepBits)
        return steps * Int(shift + 1) + Int(value >> shift) - steps
    }

    /// The middle of a bucket.
    private static func value(of place: Int) -> Int64 {
        if place < steps { return Int64(place) }
        let shift = UInt64(place / steps - 1)
        let low = UInt64(place % steps + steps) << shift
        return Int64(clamping: low + (shift == 0 ? 0 : 1 << (shift - 1)))
    }
}
