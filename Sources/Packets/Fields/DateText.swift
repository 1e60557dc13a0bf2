import Addressing
import Text

/// A moment as a date, as Wireshark writes it: `Nov 14, 2023 22:13:20.000093000 UTC`. Always in UTC, and said so: this
/// module knows no time zone.
enum DateText {
    private static let months = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    static func write<Sink: TextSink & ~Copyable>(_ time: Timestamp, to sink: inout Sink) {
        let days = time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds &- 86_399) / 86_400
        let second = UInt64(time.seconds &- days &* 86_400)
        let date = CivilDate(days: days)
        sink.append(raw: months.rawSpan.extracting((date.month - 1) * 3..<date.month * 3))
        sink.append(ascii: 32)
        if date.day < 10 { sink.append(ascii: 32) }
        sink.append(decimal: UInt64(date.day))
        sink.append(ascii: 44)
        sink.append(ascii: 32)
        if date.year < 0 { sink.append(ascii: 45) }
        sink.append(decimal: UInt64(date.year.magnitude))
        for (separator, value) in [(32, second / 3600), (58, second / 60 % 60), (58, second % 60)] as [(UInt8, UInt64)]
        {
            sink.append(ascii: separator)
            sink.append(decimal: value, width: 2)
        }
        sink.append(ascii: 46)
        sink.append(decimal: UInt64(time.nanoseconds), width: 9)
        sink.append(word: " UTC")
    }
}
