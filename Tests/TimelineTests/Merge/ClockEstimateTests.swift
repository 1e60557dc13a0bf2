import Addressing
import TestSupport
import Testing

@testable import Timeline

@Suite struct ClockEstimateTests {
    /// The clocks three seconds apart and drifting by 50 ppm: found to within half of the fastest round trip where the
    /// fastest packets went, and within the bound at every moment of the capture, whatever the delays.
    @Test(
        arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64],
        [(3_000_000_000 as Int64, 50e-6), (-3_000_000_000, -50e-6), (3_000_000_000, 0)])
    func offsetAndDriftAreFound(seed: UInt64, clocks: (offset: Int64, drift: Double)) throws {
        for (least, spread) in [(2_000_000, 8_000_000), (20_000_000, 1_000_000), (200_000, 50_000_000)]
            as [(Int64, Int64)]
        {
            var captures = GeneratedCaptures(offset: clocks.offset, drift: clocks.drift)
            captures.exchange(count: 600, gap: 100_000_000, least: least, spread: spread, seed: seed)
            let clock = try #require(captures.pairing()?.clock)
            let roundTrip = try #require(clock.roundTrip)
            let bound = try #require(clock.bound)
            #expect(clock.isConsistent)
            var nearest = Int64.max
            for time in stride(from: 0 as Int64, through: 60_000_000_000, by: 6_000_000_000) {
                let moment = TestClock.at(0).advanced(byNanoseconds: time)
                let error = clock.offset(at: moment) - (clocks.offset + Int64(Double(time) * clocks.drift))
                nearest = min(nearest, abs(error))
                #expect(abs(error) <= bound, "seed \(seed): \(error) ns off, and the bound said \(bound)")
                // The correction is the inverse.
                let second = TestClock.at(0).advanced(byNanoseconds: captures.onSecond(time))
                #expect(abs(clock.onFirstClock(second).nanoseconds(since: moment) + error) < 1000)
            }
            // Far from the fastest packets the drift's own uncertainty comes on top, which the bound counts.
            #expect(nearest <= roundTrip / 2, "seed \(seed): \(nearest) ns off, half a round trip is \(roundTrip / 2)")
            #expect(clock.driftRange.contains(clocks.drift))
            #expect(roundTrip <= 2 * (least + spread) && roundTrip >= 2 * least - 10_000)
        }
    }

    @Test func aShortCaptureTellsNoDrift() throws {
        var captures = GeneratedCaptures(offset: 7_000_000)
        captures.exchange(count: 5, gap: 10_000_000, least: 1_000_000, spread: 500_000, seed: 1)
        let clock = try #require(captures.pairing()?.clock)
        #expect(clock.drift == 0)
        #expect(clock.driftRange == -ClockEstimate.greatestDrift...ClockEstimate.greatestDrift)
        #expect(abs(clock.offset - 7_000_000) <= 1_500_000)
    }

    /// An hour in which the second clock is set forward by a second: no line fits, and that is said.
    @Test func aClockThatWasSetIsNoticed() throws {
        let start = TestClock.at(0)
        func pair(_ time: Int64, _ difference: Int64) -> ClockEstimate.Pair {
            ClockEstimate.Pair(
                first: start.advanced(byNanoseconds: time), second: start.advanced(byNanoseconds: time + difference))
        }
        var (there, back): ([ClockEstimate.Pair], [ClockEstimate.Pair]) = ([], [])
        for number in 0..<100 as Range<Int64> {
            let jump: Int64 = number < 50 ? 0 : 1_000_000_000
            there.append(pair(number * 100_000_000, jump + 1_000_000))
            back.append(pair(number * 100_000_000 + 5_000_000, jump - 1_000_000))
        }
        let clock = try #require(ClockEstimate(there: there, back: back))
        #expect(!clock.isConsistent)
    }

    @Test func oneDirectionGivesNoBound() throws {
        let start = TestClock.at(0)
        let pairs = (0..<10 as Range<Int64>).map {
            ClockEstimate.Pair(
                first: start.advanced(byNanoseconds: $0 * 1_000_000),
                second: start.advanced(byNanoseconds: $0 * 1_000_000 + 5_000_000 + $0))
        }
        let clock = try #require(ClockEstimate(there: pairs, back: []))
        #expect(clock.offset == 5_000_000 && clock.bound == nil && clock.roundTrip == nil)
        #expect(ClockEstimate(there: [], back: []) == nil)
    }
}
