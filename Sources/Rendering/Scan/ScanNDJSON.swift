import Addressing
import Packets
import Probe
import Text

/// Scan results as newline-delimited JSON: an object a port, then one for its host, at the end one for the scan. Times
/// are nanoseconds.
public struct ScanNDJSON: ScanWriter {
    private let header: ScanHeader

    /// A report with these facts of the scan.
    public init(_ header: ScanHeader) { self.header = header }

    /// Writes nothing: the first object is a port's.
    public mutating func begin(_ out: inout OutputBuffer) {}

    /// Writes an object for each port and one for the host.
    public mutating func write(_ host: HostScan, name: String?, _ out: inout OutputBuffer) {
        var json = JSONWriter()
        let address = host.target.text
        for place in host.ports.indices {
            guard let outcome = host.outcome(place), !header.showsOnlyOpen || outcome.state == .open else { continue }
            json.beginObject(&out)
            json.member("type", "port", &out)
            json.member("address", address, &out)
            json.member("port", Int(host.ports[place].rawValue), &out)
            json.member("protocol", "tcp", &out)
            json.member("state", "\(outcome.state.name)", &out)
            json.member("reason", "\(outcome.reason.name)", &out)
            json.member("service", PortNames.name(of: host.ports[place]), &out)
            json.member("rtt_ns", outcome.roundTrip.map { Int($0) }, &out)
            json.member("attempts", outcome.attempts, &out)
            if let icmp = outcome.icmp {
                json.key("icmp", &out)
                json.beginObject(&out)
                json.member("version", icmp.isVersion6 ? 6 : 4, &out)
                json.member("type", Int(icmp.type), &out)
                json.member("code", Int(icmp.code), &out)
                json.member("name", icmp.name, &out)
                json.member("from", (outcome.sender ?? host.target.address).description, &out)
                json.endObject(&out)
            }
            if let banner = host.banner(place) { json.member("banner", String(decoding: banner, as: UTF8.self), &out) }
            json.endObject(&out)
            json.endLine(&out)
        }
        var counts = [0, 0, 0]
        for place in host.ports.indices where host.reason(place) != .undecided {
            counts[Int(host.reason(place).state.rawValue)] += 1
        }
        json.beginObject(&out)
        json.member("type", "host", &out)
        json.member("address", address, &out)
        json.member("name", name, &out)
        json.member("up", header.isUp(host), &out)
        json.member("skipped", host.isSkipped, &out)
        json.member("complete", host.isComplete || host.isSkipped, &out)
        json.member("open", counts[Int(PortState.open.rawValue)], &out)
        json.member("closed", counts[Int(PortState.closed.rawValue)], &out)
        json.member("filtered", counts[Int(PortState.filtered.rawValue)], &out)
        json.member("rate_limited", host.rateLimit != nil, &out)
        if let rate = host.rateLimit?.answersPerSecond {
            json.member("answers_per_second", Int(min(rate, 1e9).rounded()), &out)
        }
        if !host.target.otherAddresses.isEmpty {
            json.key("other_addresses", &out)
            json.beginArray(&out)
            for address in host.target.otherAddresses { json.value(address.description, &out) }
            json.endArray(&out)
        }
        json.member("rtt_ns", host.estimator.smoothed.map { Int($0) }, &out)
        json.member("elapsed_ns", Int(host.endedAt &- host.startedAt), &out)
        json.endObject(&out)
        json.endLine(&out)
    }

    /// Writes the object of the scan.
    public mutating func end(_ summary: ScanSummary, _ out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.member("type", "scan", &out)
        json.member("hosts", Int(clamping: summary.hosts), &out)
        json.member("up", Int(clamping: summary.hostsUp), &out)
        json.member("open", summary.open, &out)
        json.member("elapsed_ns", Int(summary.elapsed), &out)
        json.member("interrupted", summary.isInterrupted, &out)
        json.endObject(&out)
        json.endLine(&out)
    }
}
