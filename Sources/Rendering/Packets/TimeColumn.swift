import Addressing
import Text

/// How the time of a packet is written at the beginning of its line: tcpdump's `-t` … `-ttttt`.
public enum TimeStyle: Sendable {
    /// 10:20:30.303981, local time of day (tcpdump's default).
    case timeOfDay
    /// No time (`-t`).
    case none
    /// Seconds since 1970 (`-tt`).
    case epoch
    /// Hours, minutes and seconds since the line before (`-ttt`).
    case sincePrevious
    /// Date and local time of day (`-tttt`).
    case dateAndTime
    /// Hours, minutes and seconds since the first line (`-ttttt`).
    case sinceFirst
}

/// Writes times in one style. Formats a second once and keeps its text: a busy capture has thousands of packets in it.
public struct TimeColumn: Sendable {
    /// Seconds east of UTC at a moment (seconds since 1970): the time zone is handed in, so that this reads no system
    /// setting.
    public typealias Zone = @Sendable (Int64) -> Int

    private let style: TimeStyle
    private let decimals: Int
    private let zone: Zone
    private var cachedSecond = Int64.min
    private var cachedQuarter = Int64.min
    private var cachedOffset = 0
    /// The cached second as `HH:MM:SS`, the first character in the lowest byte.
    private var clock: UInt64 = 0
    private var first: Timestamp?
    private var previous: Timestamp?

    /// - Parameter decimals: 6 or 9.
    public init(_ style: TimeStyle = .timeOfDay, decimals: Int = 6, zone: @escaping Zone = { _ in 0 }) {
        self.style = style
        self.decimals = decimals
        self.zone = zone
    }

    /// Writes the time and a space; a packet without time gets dashes.
    public mutating func write<Sink: TextSink & ~Copyable>(_ time: Timestamp?, to sink: inout Sink) {
        if style == .timeOfDay, decimals < 9, let time {
            // What nearly everybody wants, in two words: `10:20:30` and `.303981 `.
            if time.seconds != cachedSecond { refresh(time) }
            let digits = (DecimalDigits.eight(UInt64(time.nanoseconds / 1000)) | DecimalDigits.zeros) >> 16
            sink.append(packed: clock, count: 8)
            sink.append(packed: digits << 8 | 46 | 32 << 56, count: 8)
            return
        }
        if style == .none { return }
        guard let time else {
            sink.append(ascii: 45)
            sink.append(ascii: 32)
            return
        }
        switch style {
        case .none: return
        case .timeOfDay: writeTimeOfDay(time, &sink)
        case .dateAndTime:
            if time.seconds != cachedSecond { refresh(time) }
            CivilDate(seconds: time.seconds &+ Int64(cachedOffset)).write(to: &sink)
            sink.append(ascii: 32)
            writeTimeOfDay(time, &sink)
        case .epoch:
            if time.seconds < 0 { sink.append(ascii: 45) }
            sink.append(decimal: time.seconds.magnitude)
            writeFraction(time.nanoseconds, &sink)
        case .sincePrevious:
            let time = shown(time)
            writeDifference(time.nanoseconds(since: previous ?? time), &sink)
            previous = time
        case .sinceFirst:
            let time = shown(time)
            if first == nil { first = time }
            writeDifference(time.nanoseconds(since: first ?? time), &sink)
        }
        sink.append(ascii: 32)
    }

    /// The time as `-tt` shows it, so that differences are those of the times shown, as tcpdump's are.
    private func shown(_ time: Timestamp) -> Timestamp {
        decimals >= 9 ? time : Timestamp(seconds: time.seconds, nanoseconds: time.nanoseconds / 1000 * 1000)
    }

    /// Brings the cached second up to date.
    private mutating func refresh(_ time: Timestamp) {
        // Offsets change at most every quarter of an hour (daylight saving).
        let quarter = time.seconds / 900
        if quarter != cachedQuarter {
            cachedQuarter = quarter
            cachedOffset = zone(time.seconds)
        }
        cachedSecond = time.seconds
        var ofDay = (time.seconds &+ Int64(cachedOffset)) % 86400
        if ofDay < 0 { ofDay += 86400 }
        let (hour, minute, second) = (UInt64(ofDay / 3600), UInt64(ofDay / 60 % 60), UInt64(ofDay % 60))
        clock = Self.twoDigits(hour) | 58 << 16 | Self.twoDigits(minute) << 24 | 58 << 40 | Self.twoDigits(second) << 48
    }

    private static func twoDigits(_ value: UInt64) -> UInt64 { (48 + value / 10) | (48 + value % 10) << 8 }

    private mutating func writeTimeOfDay<Sink: TextSink & ~Copyable>(_ time: Timestamp, _ sink: inout Sink) {
        if time.seconds != cachedSecond { refresh(time) }
        sink.append(packed: clock, count: 8)
        writeFraction(time.nanoseconds, &sink)
    }

    private func writeFraction<Sink: TextSink & ~Copyable>(_ nanoseconds: UInt32, _ sink: inout Sink) {
        if decimals >= 9 {
            sink.append(ascii: 46)
            sink.append(decimal: UInt64(nanoseconds), width: 9)
        } else {
            // The last six of eight digits, with the point in front.
            let digits = (DecimalDigits.eight(UInt64(nanoseconds / 1000)) | DecimalDigits.zeros) >> 16
            sink.append(packed: digits << 8 | 46, count: 7)
        }
    }

    private func writeDifference<Sink: TextSink & ~Copyable>(_ nanoseconds: Int64, _ sink: inout Sink) {
        if nanoseconds < 0 { sink.append(ascii: 45) }
        let size = nanoseconds.magnitude
        let seconds = size / 1_000_000_000
        // More than two digits of hours where it takes days, as tcpdump writes them.
        sink.append(decimal: seconds / 3600, width: seconds < 360_000 ? 2 : String(seconds / 3600).utf8.count)
        sink.append(
            packed: 58 | Self.twoDigits(seconds / 60 % 60) << 8 | 58 << 24 | Self.twoDigits(seconds % 60) << 32,
            count: 6)
        writeFraction(UInt32(size % 1_000_000_000), &sink)
    }
}
