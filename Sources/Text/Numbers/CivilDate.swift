/// A day of the Gregorian calendar, also for years before its introduction.
public struct CivilDate: Hashable, Sendable {
    /// The year; 0 is 1 BC, as ISO 8601 counts.
    public let year: Int64
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int

    /// The day that a moment falls on.
    /// - Parameter seconds: since 1970-01-01 00:00, negative before.
    public init(seconds: Int64) {
        self.init(days: seconds / 86_400 &- (seconds % 86_400 < 0 ? 1 : 0))
    }

    /// The day so many days after 1970-01-01. Counted in eras of 400 years that begin on 1 March, so that the leap day
    /// is the last of its year.
    public init(days: Int64) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        month = Int(shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9)
        day = Int(dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1)
        year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    }

    /// Writes `2025-11-21` (ISO 8601); a year beyond four digits with all of them, one before 0 with a minus.
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        if year < 0 { sink.append(ascii: UInt8(ascii: "-")) }
        sink.append(decimal: year.magnitude, width: max(4, String(year.magnitude).utf8.count))
        sink.append(ascii: UInt8(ascii: "-"))
        sink.append(decimal: UInt64(month), width: 2)
        sink.append(ascii: UInt8(ascii: "-"))
        sink.append(decimal: UInt64(day), width: 2)
    }
}
