import Addressing
import Probe
import Testing

@Suite struct LatencyHistogramTests {
    @Test func smallTimesAreExact() {
        var histogram = LatencyHistogram()
        for value in 0..<1000 as Range<Int64> { histogram.add(value) }
        #expect(histogram.percentile(50) == 499)
        #expect(histogram.percentile(100) == 999)
        #expect(histogram.percentile(0) == 0)
        #expect(histogram.count(from: 10, to: 20) == 10)
    }

    @Test func emptyHasNone() { #expect(LatencyHistogram().percentile(50) == nil) }

    @Test(arguments: 0..<20) func percentilesAreWithinAThousandth(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var histogram = LatencyHistogram()
        var values: [Int64] = []
        for _ in 0..<5000 {
            let value = Int64(
                UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 4...60, using: &random))
            values.append(value)
            histogram.add(value)
        }
        values.sort()
        for percent in [1.0, 50, 90, 99, 100] {
            let exact = values[max(1, Int((percent / 100 * 5000).rounded(.up))) - 1]
            let found = try #require(histogram.percentile(percent))
            #expect(abs(found - exact) <= exact / 1000 + 1, "seed \(seed), \(percent) %: \(found) for \(exact)")
        }
    }

    @Test func negativeAndHugeTimes() {
        var histogram = LatencyHistogram()
        histogram.add(-5)
        histogram.add(.max)
        #expect(histogram.percentile(50) == 0)
        #expect(histogram.count == 2)
    }
}
