import Testing

@testable import Probe

@Suite struct SendRateTests {
    /// How many may be sent in a second of turns so many nanoseconds apart.
    private func sent(_ perSecond: Double?, everyTurn step: Int64, atMost most: Int = 5_000) -> Int {
        var rate = SendRate(perSecond)
        var sent = 0
        for time in stride(from: Int64(0), to: 1_000_000_000, by: Int64.Stride(step)) {
            rate.catchUp(time)
            while sent < most, rate.take(at: time) { sent += 1 }
        }
        return sent
    }

    @Test func spreadsEvenlyAndMakesUpForShortPauses() {
        #expect(sent(100, everyTurn: 1_000_000) == 100)
        #expect(sent(1000, everyTurn: 5_000_000) == 996)
        #expect(sent(2, everyTurn: 50_000_000) == 2)
        #expect(sent(nil, everyTurn: 500_000_000) == 5_000)
    }

    @Test func aLongPauseCausesNoBurst() {
        var rate = SendRate(1000)
        rate.catchUp(0)
        let first = rate.take(at: 0)
        #expect(first)
        let later: Int64 = 60_000_000_000
        rate.catchUp(later)
        var sent = 0
        while rate.take(at: later) { sent += 1 }
        #expect(sent == 1)
        #expect(rate.due(after: later) == later + 1_000_000)
    }
}
