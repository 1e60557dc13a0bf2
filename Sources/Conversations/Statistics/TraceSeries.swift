import Addressing

/// The time axis of a plot: nanoseconds since the beginning, as far as they are known to have passed. Where the clock
/// was set, the axis goes on from where it was.
struct TimeAxis: Sendable {
    private var base: Timestamp
    private var offset: Int64 = 0
    private var last: Int64 = 0

    init(from start: Timestamp) { base = start }

    mutating func position(of time: Timestamp) -> Int64 {
        if time.setting != base.setting { (base, offset) = (time, last) }
        let position = offset &+ time.nanoseconds(since: base)
        last = max(last, position)
        return position
    }
}

/// Points over time, bounded: when there are too many, every second one goes and only every second new one is taken.
public struct TraceSeries: Sendable {
    /// A value at a moment.
    public struct Point: Hashable, Sendable {
        /// Nanoseconds since the trace began.
        public let time: Int64
        /// What the series is of.
        public let value: Int64
    }

    /// The points that are kept, in order.
    public private(set) var points: [Point] = []
    private let limit: Int
    private var stride = 1
    private var skipped = 0

    init(limit: Int) { self.limit = max(16, limit) }

    mutating func add(_ time: Int64, _ value: Int64) {
        skipped += 1
        guard skipped >= stride else { return }
        skipped = 0
        points.append(Point(time: time, value: value))
        guard points.count >= limit else { return }
        points = points.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        stride *= 2
    }
}

/// Bytes over time, in slots of equal length that grow with the capture: never more than a fixed number of them.
public struct TraceRate: Sendable {
    private static let slots = 128
    /// The bytes of each slot.
    public private(set) var counts: [UInt64] = []
    /// The length of a slot in nanoseconds.
    public private(set) var slotLength: Int64 = 1000

    init() {}

    mutating func add(_ time: Int64, _ bytes: UInt64) {
        guard time >= 0 else { return }
        while time / slotLength >= Int64(Self.slots) {
            counts = stride(from: 0, to: counts.count, by: 2).map {
                counts[$0] &+ ($0 + 1 < counts.count ? counts[$0 + 1] : 0)
            }
            slotLength *= 2
        }
        let slot = Int(time / slotLength)
        while counts.count <= slot { counts.append(0) }
        counts[slot] &+= bytes
    }
}
