import Packets
import Probe
import Text

/// The figures of an echo ping.
public enum PingSummary {
    /// - Parameter duration: nanoseconds from the first request to the end.
    public static func write(_ figures: PingStatistics, host: String, duration: Int64, to out: inout OutputBuffer) {
        out.append("\n--- ")
        out.append(escaping: host)
        out.append(text: " UDP ping statistics ---\n")
        writeLine(figures, duration: duration, to: &out)
    }

    /// Writes the figures without a heading.
    /// - Parameter duration: from the first probe to the end, in nanoseconds.
    public static func writeLine(_ figures: PingStatistics, duration: Int64, to out: inout OutputBuffer) {
        out.append(
            text:
                """
                \(figures.sent) sent, \(figures.received) received, \(figures.lost) lost \
                (\(percent(figures.lossPercent)) %), \(figures.duplicated) duplicated, \(figures.reordered) reordered, \
                \(figures.corrupted) corrupted
                """
        )
        if figures.undeliverable > 0 { out.append(text: ", \(figures.undeliverable) undeliverable") }
        if figures.strange > 0 { out.append(text: ", \(figures.strange) strange") }
        out.append(text: ", time \(DurationText.text(nanoseconds: duration))\n")
        guard figures.received > 0 else { return }
        out.append(text: "rtt min/avg/max/mdev = \(milliseconds(figures.minimum))/\(milliseconds(figures.average))/")
        out.append(text: "\(milliseconds(figures.maximum))/\(milliseconds(figures.deviation)) ms\n")
        let percentiles = [50.0, 90, 99].map { milliseconds(figures.percentile($0) ?? 0) }.joined(separator: "/")
        out.append(text: "rtt p50/p90/p99 = \(percentiles) ms, jitter \(milliseconds(figures.jitter)) ms (RFC 3550)\n")
    }

    /// A bar a step of time, between the 0.5th and the 99.5th per cent; what lies outside is counted at the ends.
    public static func writeHistogram(_ figures: PingStatistics, columns: Int, to out: inout OutputBuffer) {
        guard let low = figures.percentile(0.5), let high = figures.percentile(99.5) else { return }
        let step = niceStep(max(1, (high - low) / 14))
        let start = low / step * step
        var rows: [(low: Int64, count: Int)] = []
        var edge = start
        while edge <= high, rows.count < 40 {
            rows.append((edge, figures.histogram.count(from: edge, to: edge + step)))
            edge += step
        }
        let (below, above) = (
            figures.histogram.count(from: 0, to: start), figures.histogram.count(from: edge, to: .max)
        )
        let most = rows.map(\.count).max() ?? 0
        let width = max(10, columns - 34)
        out.append("\nround-trip times\n")
        if below > 0 { line("below", below, 0, &out) }
        for row in rows {
            line("\(milliseconds(row.low)) ms", row.count, most == 0 ? 0 : (row.count * width * 2 / most + 1) / 2, &out)
        }
        if above > 0 { line("above", above, 0, &out) }
    }

    private static func line(_ label: String, _ count: Int, _ length: Int, _ out: inout OutputBuffer) {
        out.append(spaces: max(0, 14 - label.utf8.count))
        out.append(text: label)
        let number = String(count)
        out.append(spaces: max(1, 9 - number.utf8.count))
        out.append(text: number)
        out.append(ascii: 32)
        out.append(style: .cyan)
        for _ in 0..<length { out.append("█") }
        // What is there at all is seen.
        if length == 0, count > 0 { out.append("▏") }
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    /// 1, 2 or 5 times a power of ten.
    static func niceStep(_ step: Int64) -> Int64 {
        var power: Int64 = 1
        while power * 10 <= step { power *= 10 }
        for factor in [1, 2, 5] as [Int64] where power * factor >= step { return power * factor }
        return power * 10
    }

    static func milliseconds(_ nanoseconds: Int64) -> String {
        let rounded = (UInt64(max(0, nanoseconds)) + 500) / 1000
        let fraction = String(rounded % 1000)
        return "\(rounded / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    static func milliseconds(_ nanoseconds: Double) -> String { milliseconds(Int64(nanoseconds.rounded())) }

    /// At most two decimals, none that are 0.
    static func percent(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        if hundredths % 100 == 0 { return String(hundredths / 100) }
        let fraction = String(hundredths % 100)
        let padded = fraction.count == 1 ? "0" + fraction : fraction
        return "\(hundredths / 100)." + (padded.hasSuffix("0") ? String(padded.dropLast()) : padded)
    }
}
