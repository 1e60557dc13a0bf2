import Addressing
import Packets
import Testing
import Text

@testable import Rendering

/// Times as tcpdump 4.99 writes them for the same packets.
@Suite struct TimeColumnTests {
    private func lines(_ style: TimeStyle, decimals: Int = 6, _ times: [Timestamp?]) -> [String] {
        var column = TimeColumn(style, decimals: decimals, zone: { _ in 3600 })
        return times.map { time in
            var text = ByteCollector()
            column.write(time, to: &text)
            return text.text
        }
    }

    private let times = [
        Timestamp(seconds: 1_278_944_465, nanoseconds: 946_293_123),
        Timestamp(seconds: 1_278_944_466, nanoseconds: 150_782_000),
        Timestamp(seconds: 1_278_948_127, nanoseconds: 5000),
        Timestamp(seconds: 1_278_944_466, nanoseconds: 150_782_000),
    ]

    @Test func everyStyle() {
        #expect(lines(.timeOfDay, [times[0]]) == ["15:21:05.946293 "])
        #expect(lines(.timeOfDay, decimals: 9, [times[0]]) == ["15:21:05.946293123 "])
        #expect(lines(.none, [times[0]]) == [""])
        #expect(lines(.epoch, [times[0]]) == ["1278944465.946293 "])
        #expect(lines(.dateAndTime, [times[0]]) == ["2010-07-12 15:21:05.946293 "])
        // As of the times that are shown: tcpdump counts in microseconds too.
        #expect(
            lines(.sincePrevious, times) == [
                "00:00:00.000000 ", "00:00:00.204489 ", "01:01:00.849223 ", "-01:01:00.849223 ",
            ])
        #expect(
            lines(.sinceFirst, times) == [
                "00:00:00.000000 ", "00:00:00.204489 ", "01:01:01.053712 ", "00:00:00.204489 ",
            ])
        #expect(
            lines(.sinceFirst, decimals: 9, Array(times.prefix(2))) == ["00:00:00.000000000 ", "00:00:00.204488877 "])
    }

    @Test func daysAndNoTime() {
        #expect(
            lines(.sinceFirst, [.epoch, Timestamp(seconds: 360_061, nanoseconds: 0)]) == [
                "00:00:00.000000 ", "100:01:01.000000 ",
            ])
        #expect(lines(.sinceFirst, [nil]) == ["- "])
        #expect(lines(.timeOfDay, [nil]) == ["- "])
    }
}
