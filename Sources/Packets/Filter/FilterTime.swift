/// Times in filters, in nanoseconds.
enum FilterTime {
    /// `12`, `0.25`, `1555946598.753357`: seconds with at most nine decimals.
    static func seconds(_ word: String) -> Int128? {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = digits(parts[0], atMost: 18) else { return nil }
        guard parts.count == 2 else { return whole * 1_000_000_000 }
        guard parts[1].utf8.count <= 9, var part = digits(parts[1], atMost: 9) else { return nil }
        for _ in parts[1].utf8.count..<9 { part *= 10 }
        return whole * 1_000_000_000 + part
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Nov 14, 2023 22:13:20`, as fields show dates, in the form of the others.
    private static func respelled(_ text: Substring) -> Substring {
        let parts = text.split(separator: " ", maxSplits: 3)
        guard parts.count >= 3, let month = months.firstIndex(of: String(parts[0])), parts[1].hasSuffix(",") else {
            return text
        }
        return "\(parts[2])-\(month + 1)-\(parts[1].dropLast())\(parts.count > 3 ? " \(parts[3])" : "")"[...]
    }

    /// `2026-01-31`, with ` 12:00`, `T12:00:05` or `12:00:05.25` behind it, and `Z`, ` UTC` or an offset such as
    /// `+01:00`: a moment, in UTC where nothing else is said.
    static func date(_ word: String) -> Int128? {
        let text = word[...]
        for suffix in ["Z", " UTC"] where text.hasSuffix(suffix) { return moment(text.dropLast(suffix.count)) }
        // The hyphens of the date are before any clock.
        if let colon = text.firstIndex(of: ":"), let sign = text[colon...].lastIndex(where: { $0 == "+" || $0 == "-" })
        {
            let offset = text[text.index(after: sign)...].filter { $0 != ":" }
            guard offset.utf8.count == 4, let number = digits(offset[...], atMost: 4), number / 100 < 24,
                number % 100 < 60,
                let local = moment(text[..<sign])
            else { return nil }
            let seconds = (number / 100 * 60 + number % 100) * 60
            return local + (text[sign] == "+" ? -seconds : seconds) * 1_000_000_000
        }
        return moment(text)
    }

    private static func moment(_ written: Substring) -> Int128? {
        let text = respelled(written)
        let halves = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" })
        guard let first = halves.first else { return nil }
        let day = first.split(separator: "-")
        guard day.count == 3, let year = digits(day[0], atMost: 4), let month = digits(day[1], atMost: 2),
            (1...12).contains(month),
            let date = digits(day[2], atMost: 2), (1...31).contains(date)
        else { return nil }
        var seconds = daysSince1970(year: Int(year), month: Int(month), day: Int(date)) * 86_400
        guard halves.count == 2 else { return seconds * 1_000_000_000 }
        let clock = halves[1].split(separator: ":")
        guard (2...3).contains(clock.count), let hour = digits(clock[0], atMost: 2), hour < 24,
            let minute = digits(clock[1], atMost: 2),
            minute < 60
        else { return nil }
        seconds += hour * 3600 + minute * 60
        guard clock.count == 3 else { return seconds * 1_000_000_000 }
        guard let rest = self.seconds(String(clock[2])), rest < 61_000_000_000 else { return nil }
        return seconds * 1_000_000_000 + rest
    }

    private static func digits(_ text: Substring, atMost count: Int) -> Int128? {
        guard (1...count).contains(text.utf8.count) else { return nil }
        var value: Int128 = 0
        for byte in text.utf8 {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int128(byte - 48)
        }
        return value
    }

    /// Days from civil date, by eras of 400 years that begin in March.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int128 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return Int128(era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468)
    }
}
