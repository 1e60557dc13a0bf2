/// Spells a duration with the unit that suits it: `850 ns`, `61 µs`, `1.25 ms`, `3.002 s`.
public enum DurationText {
    public static func text(nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let size = nanoseconds.magnitude
        switch size {
        case 0..<1_000: return "\(sign)\(size) ns"
        case 1_000..<999_500: return "\(sign)\((size + 500) / 1_000) µs"
        case 999_500..<1_000_000_000: return sign + decimal(size, unit: 1_000_000, digits: 2) + " ms"
        default: return sign + decimal(size, unit: 1_000_000_000, digits: 3) + " s"
        }
    }

    private static func decimal(_ size: UInt64, unit: UInt64, digits: Int) -> String {
        let scale: UInt64 = digits == 2 ? 100 : 1000
        let fraction = String(size % unit * scale / unit)
        return "\(size / unit)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
