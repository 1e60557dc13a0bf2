import Addressing
import Probe
import Rendering
import Sockets
import SystemPackage

/// A scan from its first SYN to the last line: turns of the scanner, hosts handed on as they are finished, progress,
/// Ctrl-C.
struct ScanRun: ~Copyable {
    private var scanner: ConnectScanner<KernelScanNetwork>
    private let outputs: ScanOutputs
    private var names: HostNames
    private let signals: SignalWaiter
    private var progress = ScanProgressLine()
    private var summary = ScanSummary()

    /// How long a turn may wait: a signal or a line of progress is late by this at most.
    private static let turn: Int64 = 50_000_000

    init(
        _ scanner: consuming ConnectScanner<KernelScanNetwork>, _ outputs: ScanOutputs, names: HostNames,
        _ signals: SignalWaiter
    ) {
        self.scanner = scanner
        self.outputs = outputs
        self.names = names
        self.signals = signals
    }

    mutating func run() throws(CommandFailure) -> ScanSummary {
        outputs.begin()
        while !scanner.isFinished, outputs.isWanted {
            let now = scanner.now
            scanner.turn(until: now + Self.turn)
            while let host = scanner.nextFinishedHost() { write(host) }
            progress.show(scanner.progress, at: now)
            if signals.next() != nil {
                summary.isInterrupted = true
                break
            }
        }
        progress.clear()
        while let host = scanner.nextFinishedHost() { write(host) }
        for host in scanner.stop() { write(host) }
        summary.elapsed = scanner.now - outputs.header.startedOnClock
        summary.endedAt = SystemClock.now()
        scanner.network.settle()
        if summary.isInterrupted {
            let known = scanner.progress
            Diagnostics.write("interrupted: \(min(known.decided, known.probes)) of \(known.probes) ports were known")
        }
        try outputs.end(summary)
        return summary
    }

    private mutating func write(_ host: HostScan) {
        summary.hosts += 1
        if host.isUp || (outputs.header.takesAllAsUp && !host.isSkipped) { summary.hostsUp += 1 }
        summary.open += host.openCount
        // Two lines would run into each other.
        progress.clear()
        outputs.write(host, name: names.name(of: host))
    }
}

/// The line on a terminal's standard error that says how far a scan is: ports, rate, time left.
struct ScanProgressLine {
    private let isOn = StandardStreams.isTerminal(.standardError)
    private var startedAt: Int64?
    private var shownAt = Int64.min
    private var isShown = false

    private static let interval: Int64 = 200_000_000

    mutating func show(_ progress: ScanProgress, at now: Int64) {
        guard isOn else { return }
        guard let start = startedAt else {
            startedAt = now
            shownAt = now
            return
        }
        guard now - shownAt >= Self.interval else { return }
        shownAt = now
        isShown = true
        // A line that wraps could not be wiped.
        Self.write(
            "\r\u{1B}[K" + Self.text(progress, elapsed: now - start).prefix(max(1, (Terminal.known ?? 80) - 1)))
    }

    mutating func clear() {
        guard isShown else { return }
        isShown = false
        Self.write("\r\u{1B}[K")
    }

    /// `31,072 of 65,535 ports known (47 %), 25,301 SYN/s, about 2 s left, 3 open`
    static func text(_ progress: ScanProgress, elapsed: Int64) -> String {
        let seconds = max(Double(elapsed) / 1e9, 0.001)
        let share = progress.share
        var text =
            """
            \(grouped(progress.decided)) of \(grouped(progress.probes)) ports known (\(Int(share * 100)) %), \
            \(grouped(UInt64(Double(progress.sent) / seconds))) SYN/s
            """
        if share > 0, share < 1 { text += ", about \(duration(seconds / share * (1 - share))) left" }
        text += ", \(progress.open) open"
        if progress.slowHosts > 0 { text += ", silent ports are asked once more, slowly" }
        if progress.hosts > 1 { text += ", \(grouped(progress.hostsDone)) of \(grouped(progress.hosts)) hosts done" }
        return text
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(.up), 1e9))
        if whole < 120 { return "\(whole) s" }
        return whole < 7200 ? "\(whole / 60) min" : "\(whole / 3600) h"
    }

    private static func grouped(_ number: UInt64) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private static func write(_ text: String) {
        try? StandardStreams.write(Array(text.utf8).rawSpan, to: .standardError)
    }
}
