import Sockets
import SystemPackage

/// How far a transfer is, on a terminal's line that is written again and again; nothing where standard error is no
/// terminal.
struct ProgressBar {
    private let isShown = StandardStreams.isTerminal(.standardError)
    private let start = MonotonicClock.now()
    private var first: Int64?
    private var last: Int64 = 0
    private var wasShown = false

    private static let interval: Int64 = 100_000_000

    mutating func show(_ done: Int64, of all: Int64) {
        guard isShown else { return }
        if first == nil { first = done }
        let now = MonotonicClock.now()
        guard now - last >= Self.interval || done == all else { return }
        last = now
        let seconds = Double(now - start) / 1e9
        let rate = seconds > 0 ? Double(done - (first ?? 0)) / seconds : 0
        write(
            "\r" + Self.line(done, all, rate: rate, columns: StandardStreams.columns(.standardError) ?? 80) + "\u{1b}[K"
        )
        wasShown = true
    }

    mutating func finish() {
        if wasShown { write("\n") }
        wasShown = false
    }

    static func line(_ done: Int64, _ all: Int64, rate: Double, columns: Int) -> String {
        let share = all > 0 ? Double(done) / Double(all) : 1
        var figures = " \(Int(share * 100)) %  \(size(Double(done))) of \(size(Double(all)))  \(size(rate))/s"
        // A server may claim any size: what takes longer than a week is not worth a figure.
        let left = rate > 0 && done < all ? (Double(all - done) / rate).rounded(.up) : 0
        if left > 0, left < 604_800 { figures += "  \(Int(left)) s left" }
        let room = columns - figures.utf8.count - 3
        guard room >= 8 else { return String(figures.dropFirst()) }
        let filled = Int(share * Double(room))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "]"
            + figures
    }

    /// `1.5 MB`, in powers of ten.
    static func size(_ bytes: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var (value, index) = (bytes, 0)
        while value >= 999.5, index < units.count - 1 { (value, index) = (value / 1000, index + 1) }
        if index == 0 || value >= 99.95 { return "\(Int(value.rounded())) \(units[index])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[index])"
    }

    private func write(_ text: String) { try? StandardStreams.write(Array(text.utf8).rawSpan, to: .standardError) }
}
