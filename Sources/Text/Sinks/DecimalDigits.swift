/// Eight decimal digits at once, in the bytes of one word.
public enum DecimalDigits {
    /// The character 0 in every byte.
    @inlinable public static var zeros: UInt64 { 0x3030_3030_3030_3030 }

    /// The two characters of a number below 100.
    @inlinable @inline(__always)
    public static func two(_ value: UInt64) -> UInt64 {
        let tens = (value &* 103) >> 10
        return tens | (value &- tens &* 10) << 8 | 0x3030
    }

    /// The eight digits of a number below 10^8, a byte each, the first one in the lowest byte. Divides two halves, four
    /// quarters and eight digits side by side: multiplying by 10486 / 2^20 is dividing by 100 for what is below 10,000,
    /// and by 103 / 2^10 by 10 for what is below 100.
    @inlinable @inline(__always)
    public static func eight(_ value: UInt64) -> UInt64 {
        let upper = value / 10_000
        let halves = upper | (value &- upper &* 10_000) << 32
        let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007f_0000_007f
        let quarters = hundreds | (halves &- hundreds &* 100) << 16
        let tens = ((quarters &* 103) >> 10) & 0x000f_000f_000f_000f
        return tens | (quarters &- tens &* 10) << 8
    }
}
