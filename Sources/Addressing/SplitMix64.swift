/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): random enough to drop
/// packets by, the same for the same seed on every machine, and not for secrets.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    /// The golden ratio as a fraction of 2^64: the step from one state to the next.
    private static var gamma: UInt64 { 0x9e37_79b9_7f4a_7c15 }

    /// A sequence of 2^64 numbers; another seed begins elsewhere in it.
    public init(seed: UInt64) { state = seed }

    /// The next 64 even bits.
    public mutating func next() -> UInt64 {
        defer { state &+= Self.gamma }
        return Self.mix(state)
    }

    /// The next number from 0 up to but not including 1, from the upper 53 bits.
    public mutating func unit() -> Double { Self.unit(next()) }

    /// The first number of the sequence that `value` is the seed of: for whoever wants chance by place, not in a row.
    public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ gamma
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// 64 even bits as a number from 0 up to but not including 1.
    public static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
}
