import Addressing
import Packets
import Probe
import Text

/// Scan results in nmap's XML (nmap.dtd, output version 1.05), which its tools and many others read.
public struct ScanXML: ScanWriter {
    private let header: ScanHeader

    /// A report with these facts of the scan.
    public init(_ header: ScanHeader) { self.header = header }

    /// Opens the document, and says how it was made.
    public mutating func begin(_ out: inout OutputBuffer) {
        let start = header.startedAt.seconds
        let date = header.dateText(start)
        let arguments = header.arguments.joined(separator: " ")
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner=\"nmap\"")
        attribute("args", arguments, &out)
        attribute("start", start, &out)
        attribute("startstr", date, &out)
        attribute("version", "netprobe \(header.version)", &out)
        out.append(" xmloutputversion=\"1.05\">\n<scaninfo type=\"connect\" protocol=\"tcp\"")
        attribute("numservices", Int64(header.ports.count), &out)
        attribute("services", PortList.text(of: header.ports), &out)
        out.append("/>\n<verbose level=\"0\"/>\n<debugging level=\"0\"/>\n")
    }

    /// Writes the host's element.
    public mutating func write(_ host: HostScan, name: String?, _ out: inout OutputBuffer) {
        if host.isSkipped || (header.showsOnlyOpen && host.openCount == 0) { return }
        out.append("<host")
        attribute("starttime", header.seconds(host.startedAt), &out)
        attribute("endtime", header.seconds(host.endedAt), &out)
        out.append("><status")
        attribute("state", header.isUp(host) ? "up" : "down", &out)
        attribute("reason", host.isUp ? "conn-refused" : header.takesAllAsUp ? "user-set" : "no-response", &out)
        out.append(" reason_ttl=\"0\"/>\n<address")
        attribute("addr", host.target.text, &out)
        if case .v6 = host.target.address {
            out.append(" addrtype=\"ipv6\"/>\n")
        } else {
            out.append(" addrtype=\"ipv4\"/>\n")
        }
        out.append("<hostnames>\n")
        if let name {
            out.append("<hostname")
            attribute("name", name, &out)
            attribute("type", host.target.name == nil ? "PTR" : "user", &out)
            out.append("/>\n")
        }
        out.append("</hostnames>\n<ports>")
        let tally = ScanTally(host, onlyOpen: header.showsOnlyOpen)
        for hidden in tally.hidden where !header.showsOnlyOpen { write(hidden, &out) }
        for place in tally.shown { writePort(host, place, &out) }
        out.append("</ports>\n")
        if let limit = host.rateLimit {
            out.append("<hostscript>")
            writeScript("rate-limit", ScanText.text(limit), &out)
            out.append("</hostscript>\n")
        }
        if let smoothed = host.estimator.smoothed {
            out.append("<times")
            attribute("srtt", smoothed / 1000, &out)
            attribute("rttvar", host.estimator.variation / 1000, &out)
            attribute(
                "to", host.estimator.timeout(initial: 1_000_000_000, within: 100_000_000...10_000_000_000) / 1000, &out)
            out.append("/>\n")
        }
        out.append("</host>\n")
    }

    /// Writes the figures and closes the document.
    public mutating func end(_ summary: ScanSummary, _ out: inout OutputBuffer) {
        let end = summary.endedAt.seconds
        let date = header.dateText(end)
        out.append("<runstats><finished")
        attribute("time", end, &out)
        attribute("timestr", date, &out)
        attribute("summary", "netprobe done at \(date); \(summary.text)", &out)
        attribute("elapsed", summary.secondsText, &out)
        attribute("exit", summary.isInterrupted ? "error" : "success", &out)
        if summary.isInterrupted { attribute("errormsg", "interrupted", &out) }
        out.append("/><hosts")
        attribute("up", Int64(clamping: summary.hostsUp), &out)
        attribute("down", Int64(clamping: summary.hosts - min(summary.hosts, summary.hostsUp)), &out)
        attribute("total", Int64(clamping: summary.hosts), &out)
        out.append("/>\n</runstats>\n</nmaprun>\n")
    }

    private func write(_ hidden: ScanTally.Hidden, _ out: inout OutputBuffer) {
        out.append("<extraports")
        attribute("state", "\(hidden.state.name)", &out)
        attribute("count", Int64(hidden.count), &out)
        out.append(">\n")
        for reason in hidden.reasons {
            out.append("<extrareasons")
            attribute("reason", "\(reason.name)", &out)
            attribute("count", Int64(reason.ports.count), &out)
            out.append(" proto=\"tcp\"")
            attribute("ports", PortList.text(of: reason.ports), &out)
            out.append("/>\n")
        }
        out.append("</extraports>\n")
    }

    private func writePort(_ host: HostScan, _ place: Int, _ out: inout OutputBuffer) {
        guard let outcome = host.outcome(place) else { return }
        out.append("<port protocol=\"tcp\"")
        attribute("portid", Int64(host.ports[place].rawValue), &out)
        out.append("><state")
        attribute("state", "\(outcome.state.name)", &out)
        attribute("reason", "\(outcome.reason.name)", &out)
        out.append(" reason_ttl=\"0\"")
        if let sender = outcome.sender { attribute("reason_ip", sender.description, &out) }
        out.append("/><service")
        attribute("name", PortNames.name(of: host.ports[place]) ?? "unknown", &out)
        out.append(" method=\"table\" conf=\"3\"/>")
        if let icmp = outcome.icmp { writeScript("icmp", "type \(icmp.type) code \(icmp.code), \(icmp.name)", &out) }
        if let banner = host.banner(place) {
            var text = ByteCollector()
            text.append(escaping: ScanText.trimmed(banner).rawSpan)
            writeScript("banner", text.text, &out)
        }
        out.append("</port>\n")
    }

    private func writeScript(_ name: String, _ output: String, _ out: inout OutputBuffer) {
        out.append("<script")
        attribute("id", name, &out)
        attribute("output", output, &out)
        out.append("/>")
    }

    private func attribute(_ name: StaticString, _ number: Int64, _ out: inout OutputBuffer) {
        attribute(name, String(number), &out)
    }

    /// Everything that XML gives a meaning becomes an entity; what XML cannot hold at all (control characters, XML 1.0
    /// section 2.2) or a terminal must not see is escaped before. A backslash stays single: banners have been escaped
    /// already.
    private func attribute(_ name: StaticString, _ value: String, _ out: inout OutputBuffer) {
        out.append(ascii: 32)
        out.append(name)
        out.append("=\"")
        var shown = ByteCollector()
        shown.append(guarding: value)
        out.append(markup: shown.text)
        out.append(ascii: 34)
    }
}
