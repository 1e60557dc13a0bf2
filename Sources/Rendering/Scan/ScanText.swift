import Addressing
import Packets
import Probe
import Text

/// Scan results as nmap prints them: a report a host, a line a port.
public struct ScanText: ScanWriter {
    private let header: ScanHeader
    /// Whether the file says how it was made (`-oN`); on the screen one knows.
    private let isFile: Bool

    /// - Parameter isFile: whether the report says how it was made.
    public init(_ header: ScanHeader, isFile: Bool) {
        self.header = header
        self.isFile = isFile
    }

    /// Writes the comment with the command, in a file alone.
    public mutating func begin(_ out: inout OutputBuffer) {
        guard isFile else { return }
        out.append(
            escaping:
                """
                # netprobe \(header.version) scan initiated \(header.dateText(header.startedAt.seconds)) as: \
                \(header.arguments.joined(separator: " "))
                """
        )
        out.append(ascii: 10)
    }

    /// Writes the host's name and state and a table of its ports.
    public mutating func write(_ host: HostScan, name: String?, _ out: inout OutputBuffer) {
        if host.isSkipped { return }
        let tally = ScanTally(host, onlyOpen: header.showsOnlyOpen)
        // With --open hosts without an open port are of no interest.
        if header.showsOnlyOpen, host.openCount == 0 { return }
        out.append(style: .bold)
        out.append("Scan report for ")
        Self.write(host.target, name: name, &out)
        out.append(style: .plain)
        out.append(ascii: 10)
        writeState(host, &out)
        if !tally.hidden.isEmpty {
            out.append("Not shown: ")
            var isFirst = true
            for hidden in tally.hidden {
                for reason in hidden.reasons {
                    if !isFirst { out.append(", ") }
                    isFirst = false
                    out.append(decimal: UInt64(reason.ports.count))
                    out.append(ascii: 32)
                    out.append(hidden.state.name)
                    out.append(reason.ports.count == 1 ? " tcp port (" : " tcp ports (")
                    out.append(reason.name)
                    out.append(ascii: 41)
                }
            }
            out.append(ascii: 10)
        }
        if !tally.shown.isEmpty { writeTable(host, tally.shown, &out) }
        if !host.isComplete {
            out.append("Not known: ")
            out.append(decimal: UInt64(host.ports.indices.count { host.reason($0) == .undecided }))
            out.append(" ports, the scan was interrupted\n")
        }
        out.append(ascii: 10)
    }

    /// Writes how many hosts were scanned in what time.
    public mutating func end(_ summary: ScanSummary, _ out: inout OutputBuffer) {
        if isFile {
            out.append(text: "# netprobe done at \(header.dateText(summary.endedAt.seconds)) -- \(summary.text)\n")
        } else {
            out.append(text: "netprobe done: \(summary.text)\n")
        }
    }

    /// `localhost (127.0.0.1)` or `127.0.0.1`.
    private static func write(_ target: ScanTarget, name: String?, _ out: inout OutputBuffer) {
        if let name {
            out.append(escaping: name)
            out.append(" (")
        }
        out.append(escaping: target.text)
        if name != nil { out.append(ascii: 41) }
    }

    private func writeState(_ host: HostScan, _ out: inout OutputBuffer) {
        if header.isUp(host) {
            out.append("Host is up")
            if let latency = host.estimator.smoothed {
                out.append(text: " (\(Self.latency(latency))s latency)")
            }
            out.append(".\n")
        } else {
            out.append("Host has not answered: it is down, or a firewall keeps everything away.\n")
        }
        let others = host.target.otherAddresses
        if !others.isEmpty {
            out.append("Other addresses of this name (not scanned; --all-addresses does): ")
            out.append(text: others.map(\.description).joined(separator: " "))
            out.append(ascii: 10)
        }
        if let limit = host.rateLimit { out.append(text: "Rate limit met: \(Self.text(limit)).\n") }
    }

    /// What was seen of a limit, with the measured rate where there is one.
    static func text(_ limit: RateLimit) -> String {
        let seen = "ports that had kept silent answered when they were asked slowly"
        guard let rate = limit.answersPerSecond else { return seen }
        let tenths = Int(min(rate * 10, 1e9).rounded())
        return seen + ", at most about \(tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)") a second"
    }

    /// Seconds with two significant digits: `0.00017`, `1.2`.
    static func latency(_ nanoseconds: Int64) -> String {
        var scale: Int64 = 1
        while nanoseconds / scale >= 100 { scale *= 10 }
        let rounded = (nanoseconds + scale / 2) / scale * scale
        var fraction = String(rounded % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
        return "\(rounded / 1_000_000_000).\(fraction)"
    }

    private func writeTable(_ host: HostScan, _ places: [Int], _ out: inout OutputBuffer) {
        var rows: [[String]] = [["PORT", "STATE", "SERVICE"] + (header.showsReasons ? ["REASON", "RTT"] : [])]
        var styles: [OutputBuffer.Style] = [.bold]
        var banners: [[UInt8]?] = [nil]
        for place in places {
            guard let outcome = host.outcome(place) else { continue }
            var row = [
                "\(host.ports[place])/tcp", "\(outcome.state.name)", PortNames.name(of: host.ports[place]) ?? "unknown",
            ]
            if header.showsReasons {
                row.append(Self.reason(outcome))
                row.append(outcome.roundTrip.map { DurationText.text(nanoseconds: $0) } ?? "")
            }
            rows.append(row)
            styles.append(outcome.state == .open ? .green : outcome.state == .closed ? .dim : .yellow)
            banners.append(host.banner(place))
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for (index, row) in rows.enumerated() {
            for (column, text) in row.enumerated() {
                let isState = column == 1 || index == 0
                if isState { out.append(style: styles[index]) }
                out.append(text: text)
                if isState { out.append(style: .plain) }
                // No blanks after the last column that has text.
                if row[(column + 1)...].contains(where: { !$0.isEmpty }) {
                    out.append(spaces: widths[column] - text.count + 1)
                }
            }
            out.append(ascii: 10)
            if let banner = banners[index] {
                out.append("|_banner: ")
                out.append(escaping: Self.trimmed(banner).rawSpan)
                out.append(ascii: 10)
            }
        }
    }

    /// nmap's word, and what else is known: who sent it, and which ICMP message it was where the word does not say so.
    static func reason(_ outcome: ProbeOutcome) -> String {
        var text = "\(outcome.reason.name)"
        if let icmp = outcome.icmp {
            let isPolicy = icmp == ICMPKind(isVersion6: true, type: 1, code: 5)
            if isPolicy || [.portUnreachable, .destinationUnreachable, .other].contains(outcome.reason) {
                text += " (icmp \(icmp.name))"
            }
            if let sender = outcome.sender { text += " from \(sender)" }
        }
        return text
    }

    /// Without the line end that most greetings have.
    static func trimmed(_ banner: [UInt8]) -> [UInt8] {
        var rest = banner[...]
        while let last = rest.last, last == 10 || last == 13 { rest.removeLast() }
        return Array(rest)
    }
}
