import Addressing

/// How the second place's clock stands to the first one's: an offset and a drift, and how far off they may be.
///
/// A packet's two times differ by the clocks' offset and by how long it was under way. Over the packets of one
/// direction the least difference is offset plus delay, over those of the other, offset minus delay; the true offset is
/// between. Its course over time is a line below all differences of the one kind and above all of the other (Paxson,
/// "On Calibrating Measurements of Packet Transit Times", 1998). Of all such lines this takes the one in the middle,
/// which is right where the fastest packets take equally long each way. No capture can tell more: the bound is half of
/// the fastest round trip.
public struct ClockEstimate: Hashable, Sendable {
    /// A moment of the first clock that the rest counts from.
    public let reference: Timestamp
    /// The second clock's reading minus the first's at `reference`, in nanoseconds.
    public let offset: Int64
    /// By how much the second clock is faster, in parts of one: 50e-6 is 50 ppm.
    public let drift: Double
    /// The least and greatest drift that the packets allow.
    public let driftRange: ClosedRange<Double>
    /// How far the offset may be off anywhere in the captures, in nanoseconds; nil where packets went only one way.
    public let bound: Int64?
    /// The fastest way there and back, in nanoseconds; nil where packets went only one way.
    public let roundTrip: Int64?
    /// Whether one line fits all packets. It does not where a clock was set during the capture, or where packets were
    /// paired wrongly.
    public let isConsistent: Bool

    /// Clocks further off each other than this are broken, or were set: quartz is within 100 ppm, and NTP slews by 500
    /// at most.
    public static let greatestDrift = 500e-6

    /// One packet seen at both places, by their own clocks.
    public struct Pair: Hashable, Sendable {
        /// When the first place saw it.
        public let first: Timestamp
        /// When the second place saw it.
        public let second: Timestamp

        /// A packet's two times.
        public init(first: Timestamp, second: Timestamp) {
            self.first = first
            self.second = second
        }
    }

    /// One clock for both.
    public static let same = ClockEstimate(
        reference: .epoch, offset: 0, drift: 0, driftRange: 0...0, bound: 0, roundTrip: nil, isConsistent: true)

    private init(
        reference: Timestamp, offset: Int64, drift: Double, driftRange: ClosedRange<Double>, bound: Int64?,
        roundTrip: Int64?,
        isConsistent: Bool
    ) {
        self.reference = reference
        self.offset = offset
        self.drift = drift
        self.driftRange = driftRange
        self.bound = bound
        self.roundTrip = roundTrip
        self.isConsistent = isConsistent
    }

    /// Estimates from packets that went from the first place to the second, and from those that came back. nil without
    /// any.
    public init?(there: [Pair], back: [Pair]) {
        guard let earliest = (there + back).map(\.first).min(), let latest = (there + back).map(\.first).max() else {
            return nil
        }
        func points(_ pairs: [Pair]) -> [ClockPoint] {
            pairs.map {
                ClockPoint(
                    time: Double($0.first.nanoseconds(since: earliest)),
                    difference: Double($0.second.nanoseconds(since: $0.first)))
            }
        }
        // The line lies below what went there and above what came back: only the corners matter.
        let ceiling = ClockPoint.lowerHull(points(there))
        let floor = ClockPoint.lowerHull(points(back).map(\.mirrored)).map(\.mirrored)
        reference = earliest
        let span = Double(latest.nanoseconds(since: earliest))
        guard !ceiling.isEmpty, !floor.isEmpty else {
            // One direction: the fastest packet is taken to have needed no time, and no drift can be told.
            let edge = ceiling.isEmpty ? floor.map(\.difference).max() : ceiling.map(\.difference).min()
            offset = Int64(edge ?? 0)
            drift = 0
            driftRange = -Self.greatestDrift...Self.greatestDrift
            (bound, roundTrip, isConsistent) = (nil, nil, true)
            return
        }
        let corridor = ClockCorridor(ceiling: ceiling, floor: floor)
        let slope = corridor.bestSlope(within: Self.greatestDrift)
        let margin = corridor.margin(slope)
        drift = slope
        offset = Int64(corridor.middle(slope, at: 0).rounded())
        isConsistent = margin >= 0
        roundTrip = Int64((2 * margin).rounded())
        driftRange = corridor.slopes(around: slope, within: Self.greatestDrift)
        bound = Int64(corridor.error(of: slope, driftRange, span: span).rounded(.up))
    }

    /// What the first clock showed when the second one showed this.
    public func onFirstClock(_ second: Timestamp) -> Timestamp {
        // In Double, what is subtracted must be small: the elapsed time itself stays in whole nanoseconds.
        let elapsed = second.nanoseconds(since: reference) &- offset
        let correction = Int64((Double(elapsed) * drift / (1 + drift)).rounded())
        return reference.advanced(byNanoseconds: elapsed &- correction)
    }

    /// The offset at a moment of the first clock, in nanoseconds.
    public func offset(at first: Timestamp) -> Int64 {
        offset &+ Int64((Double(first.nanoseconds(since: reference)) * drift).rounded())
    }
}

/// A pair's difference between the clocks, over the first one's time; both in nanoseconds.
struct ClockPoint: Hashable {
    let time: Double
    let difference: Double

    var mirrored: ClockPoint { ClockPoint(time: time, difference: -difference) }

    /// The corners of the curve that runs below all points and bends only upwards (Andrew's monotone chain, 1979).
    static func lowerHull(_ points: [ClockPoint]) -> [ClockPoint] {
        var hull: [ClockPoint] = []
        for point in points.sorted(by: { $0.time != $1.time ? $0.time < $1.time : $0.difference < $1.difference }) {
            if hull.last?.time == point.time { continue }
            while hull.count >= 2, !turnsUp(hull[hull.count - 2], hull[hull.count - 1], point) { hull.removeLast() }
            hull.append(point)
        }
        return hull
    }

    private static func turnsUp(_ a: ClockPoint, _ b: ClockPoint, _ c: ClockPoint) -> Bool {
        (b.difference - a.difference) * (c.time - b.time) < (c.difference - b.difference) * (b.time - a.time)
    }
}

/// What is left for the line of the clocks' offset, between a ceiling and a floor.
private struct ClockCorridor {
    let ceiling: [ClockPoint]
    let floor: [ClockPoint]

    /// The highest line of this slope below the ceiling, and the lowest above the floor, at a moment.
    private func edges(_ slope: Double, at time: Double) -> (high: Double, low: Double) {
        let high = ceiling.reduce(Double.infinity) { min($0, $1.difference - slope * ($1.time - time)) }
        let low = floor.reduce(-Double.infinity) { max($0, $1.difference - slope * ($1.time - time)) }
        return (high, low)
    }

    /// Half the room that a line of this slope has: a concave function. Negative where there is none.
    func margin(_ slope: Double) -> Double {
        let (high, low) = edges(slope, at: 0)
        return (high - low) / 2
    }

    func middle(_ slope: Double, at time: Double) -> Double {
        let (high, low) = edges(slope, at: time)
        return (high + low) / 2
    }

    /// The slope with the most room. Where several have as much, as in a short capture, the one nearest to no drift at
    /// all.
    func bestSlope(within limit: Double) -> Double {
        let best = Self.highest(-limit, limit, margin)
        // One part in a hundred of the room is not worth a drift.
        return margin(0) >= margin(best) * 0.99 && margin(0) > 0 ? 0 : best
    }

    /// The slopes that leave any room at all.
    func slopes(around best: Double, within limit: Double) -> ClosedRange<Double> {
        guard margin(best) > 0 else { return best...best }
        func edge(_ outer: Double) -> Double {
            if margin(outer) >= 0 { return outer }
            var (inside, outside) = (best, outer)
            for _ in 0..<60 {
                let half = (inside + outside) / 2
                if margin(half) >= 0 { inside = half } else { outside = half }
            }
            return inside
        }
        return edge(-limit)...edge(limit)
    }

    /// How far any line that fits is from the middle one at the beginning, the middle or the end.
    func error(of slope: Double, _ slopes: ClosedRange<Double>, span: Double) -> Double {
        [0, span / 2, span].reduce(0.0) { worst, time in
            let own = middle(slope, at: 0) + slope * time
            // The upper edge is concave in the slope, the lower one convex.
            let top = Self.highest(slopes.lowerBound, slopes.upperBound) { edges($0, at: time).high }
            let bottom = Self.highest(slopes.lowerBound, slopes.upperBound) { -edges($0, at: time).low }
            return max(worst, abs(edges(top, at: time).high - own), abs(own - edges(bottom, at: time).low))
        }
    }

    /// Where a concave function is highest: golden section would save half of the calls, and they are few.
    private static func highest(_ low: Double, _ high: Double, _ value: (Double) -> Double) -> Double {
        var (low, high) = (low, high)
        for _ in 0..<120 {
            let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
            if value(a) < value(b) { low = a } else { high = b }
        }
        return (low + high) / 2
    }
}
