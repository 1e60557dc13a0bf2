import Addressing

/// A moment as a date, as Wireshark writes it: `Nov 14, 2023 22:13:20.000093000 UTC`. Always in UTC, and said so: this
/// module knows no time zone.
enum DateText {
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

    static func write<Sink: ASCIISink & ~Copyable>(_ time: Timestamp, to sink: inout Sink) {
        let days = time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds &- 86_399) / 86_400
        let second = UInt64(time.seconds &- days &* 86_400)
        let (year, month, day) = date(days)
        let name = Array(String(describing: months).utf8)
        for index in 0..<3 { sink.append(ascii: name[(month - 1) * 3 + index]) }
        sink.append(ascii: 32)
        if day < 10 { sink.append(ascii: 32) }
        sink.append(decimal: UInt64(day))
        sink.append(ascii: 44)
        sink.append(ascii: 32)
        if year < 0 { sink.append(ascii: 45) }
        sink.append(decimal: UInt64(year.magnitude))
        for (separator, value) in [(32, second / 3600), (58, second / 60 % 60), (58, second % 60)] as [(UInt8, UInt64)]
        {
            sink.append(ascii: separator)
            sink.append(decimal: value, width: 2)
        }
        sink.append(ascii: 46)
        sink.append(decimal: UInt64(time.nanoseconds), width: 9)
        for byte in " UTC".utf8 { sink.append(ascii: byte) }
    }

    /// The Gregorian date so many days after 1970-01-01, counted in eras of 400 years that begin on 1 March.
    private static func date(_ days: Int64) -> (year: Int64, month: Int, day: Int) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
        return (
            yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), Int(month),
            Int(dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1)
        )
    }
}
