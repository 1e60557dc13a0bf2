import Addressing
import Packets
import Probe
import Text

/// Scan results in nmap's "grepable" form (`-oG`): a line a host, fields set apart by tabs, ports by commas, each
/// `port/state/protocol/owner/service/rpc/version/`.
public struct ScanGrepable: ScanWriter {
    private let header: ScanHeader

    /// A report with these facts of the scan.
    public init(_ header: ScanHeader) { self.header = header }

    /// Writes the comment with the command.
    public mutating func begin(_ out: inout OutputBuffer) {
        out.append(
            escaping:
                """
                # netprobe \(header.version) scan initiated \(header.dateText(header.startedAt.seconds)) as: \
                \(header.arguments.joined(separator: " "))
                """
        )
        out.append(ascii: 10)
    }

    /// Writes a line for the host's state and one for its ports.
    public mutating func write(_ host: HostScan, name: String?, _ out: inout OutputBuffer) {
        if host.isSkipped || (header.showsOnlyOpen && host.openCount == 0) { return }
        writeHost(host, name, &out)
        out.append("Status: ")
        out.append(header.isUp(host) ? "Up\n" : "Down\n")
        let tally = ScanTally(host, onlyOpen: header.showsOnlyOpen)
        guard !tally.shown.isEmpty || !tally.hidden.isEmpty else { return }
        writeHost(host, name, &out)
        out.append("Ports: ")
        for (index, place) in tally.shown.enumerated() {
            if index > 0 { out.append(", ") }
            out.append(decimal: UInt64(host.ports[place].rawValue))
            out.append(ascii: 47)
            out.append(host.reason(place).state.name)
            out.append("/tcp//")
            out.append(text: PortNames.name(of: host.ports[place]) ?? "unknown")
            out.append("///")
        }
        // The form has room for one such state.
        if let hidden = tally.hidden.first, !header.showsOnlyOpen {
            out.append("\tIgnored State: ")
            out.append(hidden.state.name)
            out.append(" (")
            out.append(decimal: UInt64(hidden.count))
            out.append(ascii: 41)
        }
        out.append(ascii: 10)
    }

    /// Writes the closing comment.
    public mutating func end(_ summary: ScanSummary, _ out: inout OutputBuffer) {
        out.append(text: "# netprobe done at \(header.dateText(summary.endedAt.seconds)) -- \(summary.text)\n")
    }

    private func writeHost(_ host: HostScan, _ name: String?, _ out: inout OutputBuffer) {
        out.append("Host: ")
        out.append(escaping: host.target.text)
        out.append(" (")
        if let name { out.append(escaping: name) }
        out.append(")\t")
    }
}
