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

    /// 64 even bits: the finalizer of SplitMix64 (Steele, Lea, Flood 2014), twice.
    func bits(_ question: Question, frame: Int) -> UInt64 {
        let place = question.rawValue << 56 ^ UInt64(direction.rawValue) << 48 ^ UInt64(truncatingIfNeeded: frame)
        return Self.mix(Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15) ^ Self.mix(place))
    }

    /// From 0 to below 1.
    func fraction(_ question: Question, frame: Int) -> Double { Double(bits(question, frame: frame) >> 11) * 0x1p-53 }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
