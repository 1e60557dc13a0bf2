import Addressing
import Testing

@Suite struct SplitMix64Tests {
    /// The reference implementation's first numbers for seed 1234567 (Vigna, splitmix64.c): seeds keep their meaning.
    @Test func theSequenceIsThePublishedOne() {
        var random = SplitMix64(seed: 1_234_567)
        let first = (0..<5).map { _ in random.next() }
        #expect(
            first == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
        #expect(SplitMix64.mix(1_234_567) == first[0])
    }

    @Test func unitsAreBelowOne() {
        #expect(SplitMix64.unit(0) == 0)
        #expect(SplitMix64.unit(.max) < 1)
        var random = SplitMix64(seed: 7)
        #expect((0..<1000).allSatisfy { _ in (0..<1).contains(random.unit()) })
    }
}
