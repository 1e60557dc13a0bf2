/// Reads amounts as people write them on a command line.
public enum WireQuantity {
    /// `40ms`, `1.5s`, `250us`, `250µs`; a bare number is milliseconds. Not negative, at most an hour.
    public static func duration(_ text: String) -> Duration? {
        let units: [(String, Double)] = [("ms", 1e6), ("us", 1e3), ("µs", 1e3), ("ns", 1), ("s", 1e9), ("", 1e6)]
        guard let nanoseconds = scaled(text, units), nanoseconds <= 3.6e12 else { return nil }
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }

    /// `10%`, `0.1%`; a bare number is percent too. From 0 to 100, returned as 0 to 1.
    public static func share(_ text: String) -> Double? {
        guard let percent = scaled(text, [("%", 1), ("", 1)]), percent <= 100 else { return nil }
        return percent / 100
    }

    /// `1mbit`, `64kbit`, `1.5gbit`, `9600bit`; a bare number is bits a second. At least 1.
    public static func rate(_ text: String) -> Int? {
        let units: [(String, Double)] = [("kbit", 1e3), ("mbit", 1e6), ("gbit", 1e9), ("bit", 1), ("", 1)]
        guard let bits = scaled(text.lowercased(), units), bits >= 1, bits <= 1e12 else { return nil }
        return Int(bits)
    }

    /// The number before the first unit that fits.
    private static func scaled(_ text: String, _ units: [(name: String, size: Double)]) -> Double? {
        for unit in units where text.hasSuffix(unit.name) {
            let digits = text.dropLast(unit.name.count)
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                let number = Double(digits)
            else { continue }
            return number * unit.size
        }
        return nil
    }
}
