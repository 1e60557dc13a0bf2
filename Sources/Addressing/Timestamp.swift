import Text

/// A moment on the wall clock (CLOCK_REALTIME), to the nanosecond.
///
/// Packets and socket calls carry the same type read from the same clock, so that they line up. It stands in this
/// module because every other one needs it and this one needs none.
public struct Timestamp: Hashable, Sendable {
    /// Whole seconds since 1970-01-01 00:00 UTC, rounded down.
    public let seconds: Int64
    /// Nanoseconds within the second, 0 to 999,999,999.
    public let nanoseconds: UInt32
    /// How often the clock had been set back before this moment, within one capture. Moments of different settings
    /// have an order, that of the settings, and no duration between them: nobody knows how long setting it took.
    public let setting: UInt32

    /// A moment; `nanoseconds` above a second are carried into the seconds.
    @inlinable
    public init(seconds: Int64, nanoseconds: UInt32, setting: UInt32 = 0) {
        self.setting = setting
        if nanoseconds < 1_000_000_000 {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        } else {
            self.seconds = seconds &+ Int64(nanoseconds / 1_000_000_000)
            self.nanoseconds = nanoseconds % 1_000_000_000
        }
    }

    /// 1970-01-01 00:00:00 UTC.
    public static let epoch = Timestamp(seconds: 0, nanoseconds: 0)

    /// This reading of the clock minus the one of `earlier`, in nanoseconds: negative where the clock shows less now,
    /// clamped to what an `Int64` holds (292 years). How much time really passed is `elapsed(since:)`.
    @inlinable
    public func nanoseconds(since earlier: Timestamp) -> Int64 {
        let (wholeSeconds, o1) = seconds.subtractingReportingOverflow(earlier.seconds)
        let (scaled, o2) = wholeSeconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, o3) = scaled.addingReportingOverflow(Int64(nanoseconds) - Int64(earlier.nanoseconds))
        if o1 || o2 || o3 { return seconds < earlier.seconds ? .min : .max }
        return sum
    }

    /// How many nanoseconds passed from `earlier` to this moment; nil where that is not known: the clock was set in
    /// between, or shows the later one as the earlier.
    @inlinable
    public func elapsed(since earlier: Timestamp) -> Int64? {
        guard setting == earlier.setting, case let elapsed = nanoseconds(since: earlier), elapsed >= 0 else {
            return nil
        }
        return elapsed
    }

    /// The same reading of a clock that had been set back so often.
    @inlinable
    public func inSetting(_ setting: UInt32) -> Timestamp {
        Timestamp(seconds: seconds, nanoseconds: nanoseconds, setting: setting)
    }

    /// The moment `nanoseconds` later (earlier when negative).
    @inlinable
    public func advanced(byNanoseconds delta: Int64) -> Timestamp {
        var whole = delta / 1_000_000_000
        var part = delta % 1_000_000_000 + Int64(nanoseconds)
        if part < 0 {
            part += 1_000_000_000
            whole -= 1
        }
        return Timestamp(seconds: seconds &+ whole, nanoseconds: UInt32(part), setting: setting)
    }

    /// Writes seconds since 1970 with nine decimals, as Wireshark's `frame.time_epoch`.
    @inlinable
    public func writeEpoch<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        if seconds >= 0 {
            sink.append(decimal: UInt64(seconds))
            sink.append(ascii: 46)
            sink.append(decimal: UInt64(nanoseconds), width: 9)
        } else {
            // Rounded down inside, so the decimals of a time before 1970 count back from the next second.
            let borrow = nanoseconds > 0
            sink.append(ascii: 45)
            sink.append(decimal: borrow ? (seconds &+ 1).magnitude : seconds.magnitude)
            sink.append(ascii: 46)
            sink.append(decimal: UInt64(borrow ? 1_000_000_000 - nanoseconds : 0), width: 9)
        }
    }

    /// Reads what `writeEpoch` writes: seconds, a point and up to nine decimals. Not for times before 1970.
    public init?(epoch text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let seconds = Int64(parts[0]), seconds >= 0, (1...9).contains(parts[1].utf8.count),
            var nanoseconds = UInt32(parts[1])
        else { return nil }
        for _ in parts[1].utf8.count..<9 { nanoseconds *= 10 }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}

extension Timestamp: Comparable {
    @inlinable
    public static func < (a: Self, b: Self) -> Bool {
        if a.setting != b.setting { return a.setting < b.setting }
        return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds
    }
}

extension Timestamp: CustomStringConvertible {
    public var description: String {
        var collector = ByteCollector()
        writeEpoch(to: &collector)
        return collector.text
    }
}
