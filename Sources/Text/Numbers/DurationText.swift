/// Spells a duration with the unit that suits it, rounded to what is shown: `850 ns`, `61 µs`, `1.25 ms`, `3.002 s`.
public enum DurationText {
    /// The text for a number of nanoseconds, with a minus where it is negative.
    public static func text(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let size = nanoseconds.magnitude
        // Each limit is where the next unit would be shown after rounding: 999.6 µs is 1.00 ms.
        switch size {
        case 0..<1_000: return "\(sign)\(size) ns"
        case 1_000..<999_500: return "\(sign)\((size + 500) / 1_000) µs"
        case 999_500..<999_995_000: return sign + decimal(size, step: 10_000, digits: 2) + " ms"
        default: return sign + decimal(size, step: 1_000_000, digits: 3) + " s"
        }
    }

    /// The text for a number of nanoseconds where they are known: clocks that were set in between do not tell it.
    public static func text(known nanoseconds: Int64?) -> String {
        nanoseconds.map { text(nanoseconds: $0) } ?? "a time that is not known"
    }

    /// The text for a duration.
    public static func text(_ duration: Duration) -> String { text(nanoseconds: duration.clampedNanoseconds) }

    /// - Parameter step: nanoseconds in the last digit that is shown.
    private static func decimal(_ size: UInt64, step: UInt64, digits: Int) -> String {
        let steps = size / step + (size % step >= step / 2 ? 1 : 0)
        let unit: UInt64 = digits == 2 ? 100 : 1000
        let fraction = String(steps % unit)
        return "\(steps / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension Duration {
    /// The duration in whole nanoseconds, rounded towards zero; what an `Int64` cannot hold (292 years) becomes its
    /// least or greatest value.
    public var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooLarge || isBeyond ? (seconds < 0 ? .min : .max) : sum
    }

    /// `840 µs`, `41 ms`, `1.1 s`: for a sentence, not for a table. Never negative.
    public var inWords: String {
        let microseconds = (max(0, clampedNanoseconds) / 100 + 5) / 10
        if microseconds < 1000 { return "\(microseconds) µs" }
        if microseconds < 1_000_000 { return "\((microseconds + 500) / 1000) ms" }
        let tenths = (microseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
