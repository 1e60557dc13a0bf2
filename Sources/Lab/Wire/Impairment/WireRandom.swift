import Addressing

/// Chance that can be repeated: a number for each frame and each question about it, computed from the seed alone and
/// not from what was asked before. So a further impairment does not change which packets another one hits.
struct WireRandom {
    /// What is being decided; each has numbers of its own.
    enum Question: UInt64 {
        case loss = 1
        case duplicate, reorder, corrupt, jitter, bit, copyBit
    }

    let seed: UInt64
    let direction: WireDirection

    /// 64 even bits.
    func bits(_ question: Question, frame: Int) -> UInt64 {
        let place = question.rawValue << 56 ^ UInt64(direction.rawValue) << 48 ^ UInt64(truncatingIfNeeded: frame)
        var sequence = SplitMix64(seed: seed)
        _ = sequence.next()
        return SplitMix64.mix(sequence.next() ^ SplitMix64.mix(place))
    }

    /// From 0 up to but not including 1.
    func fraction(_ question: Question, frame: Int) -> Double { SplitMix64.unit(bits(question, frame: frame)) }
}
