import Addressing
import Packets
import Probe
import Sockets
import Text

/// What this machine calls itself and its addresses.
public struct LocalIdentity: Sendable {
    /// gethostname; nil where it failed.
    public var name: String?
    /// gethostbyname(gethostname()); nil where there is no name to ask for.
    public var entry: Lookup<HostEntry>?
    /// The machine's interfaces and routes.
    public var survey: InterfaceSurvey

    /// What was found out.
    public init(name: String?, entry: Lookup<HostEntry>?, survey: InterfaceSurvey) {
        self.name = name
        self.entry = entry
        self.survey = survey
    }
}

/// The machine's own addresses and the one that others see, as text and as JSON.
public enum PublicAddressText {
    /// Writes what the machine knows of itself.
    public static func write(_ identity: LocalIdentity, to out: inout OutputBuffer) {
        out.append("Local\n  gethostname()                 ")
        out.append(escaping: identity.name ?? "no name")
        out.append("\n  gethostbyname(gethostname())  ")
        switch identity.entry {
        case .answered(let entry, _)?:
            for (index, address) in entry.addresses.enumerated() {
                if index > 0 { out.append("\n                                ") }
                out.append(text: "\(address)  \(address.kind)")
            }
            if let address = entry.addresses.first, address.isLoopback {
                out.append(
                    """
                    \n                                \
                    /etc/hosts gives the own name a loopback address: no other machine reaches that
                    """
                )
            }
        case .failed(let error, _)?: out.append(text: "\(error.symbol), \(error.reason)")
        case .silent(let time)?: out.append(text: "no answer within \(DurationText.text(time))")
        case nil: out.append("not asked")
        }
        out.append(ascii: 10)
        for interface in identity.survey.interfaces where !interface.flags.contains(.loopback) {
            for address in interface.addresses {
                out.append("  ")
                let name = interface.name.escapedForDisplay
                out.append(text: name)
                out.append(spaces: max(1, 30 - name.count))
                out.append(text: "\(address.address)  \(address.address.kind)")
                if identity.survey.reachesInternet(from: address.address) { out.append("; used to reach the Internet") }
                out.append(ascii: 10)
            }
        }
    }

    /// Writes what each provider saw, and the address on which they agree.
    public static func write(_ reports: [ProviderReport], families: [AddressFamily], to out: inout OutputBuffer) {
        out.append("Public, as others see it\n")
        for family in families {
            let verdict = PublicAddressVerdict(reports, family)
            if verdict.address == nil, !reports.contains(where: { $0.family == family }) { continue }
            out.append(family == .ipv4 ? "  IPv4  " : "  IPv6  ")
            if let address = verdict.address {
                out.append(style: .bold)
                address.write(to: &out)
                out.append(style: .plain)
                out.append(text: verdict.isAgreed ? "  \(verdict.agreeing) providers agree" : "  one provider says so")
                switch verdict.isTranslated {
                case true?: out.append("; a NAT stands between: this machine's own end is another")
                case false?: out.append("; no NAT between: it is this machine's own address")
                case nil: break
                }
                for other in verdict.others {
                    out.append(text: "\n        others say \(other): different ways out, or a proxy")
                }
            } else {
                out.append("unknown")
            }
            out.append(ascii: 10)
        }
        var failures: [String: [ProviderReport]] = [:]
        var reasons: [String] = []
        for report in reports {
            switch report.outcome {
            case .address(let address, let port, let local):
                startLine(of: report, &out)
                out.append("  ")
                if let port { out.append(text: "\(Endpoint(address, port))") } else { out.append(text: "\(address)") }
                if let local { out.append(text: "  from \(local)") }
                endLine(of: report, &out)
            case .failed(let reason):
                if failures[reason] == nil { reasons.append(reason) }
                failures[reason, default: []].append(report)
            }
        }
        for reason in reasons {
            let failed = failures[reason] ?? []
            if failed.count == 1 {
                startLine(of: failed[0], &out)
                out.append("  ")
                write(failure: reason, &out)
                endLine(of: failed[0], &out)
                continue
            }
            // The same reason many times, as offline: said once.
            out.append("    ")
            write(failure: reason, &out)
            out.append(ascii: 10)
            for report in failed {
                out.append("  ")
                startLine(of: report, &out)
                endLine(of: report, &out)
            }
        }
    }

    private static func startLine(of report: ProviderReport, _ out: inout OutputBuffer) {
        out.append(report.family == .ipv4 ? "    IPv4  " : "    IPv6  ")
        out.append(escaping: report.provider.text)
    }

    private static func endLine(of report: ProviderReport, _ out: inout OutputBuffer) {
        out.append(text: "  \(DurationText.text(nanoseconds: report.after))\n")
    }

    private static func write(failure reason: String, _ out: inout OutputBuffer) {
        out.append(style: .red)
        out.append("failed: ")
        out.append(escaping: reason)
        out.append(style: .plain)
    }

    /// - Parameter identity: nil where only the public address was asked for; `reports` likewise.
    public static func writeJSON(
        _ identity: LocalIdentity?, _ reports: [ProviderReport]?, families: [AddressFamily], to out: inout OutputBuffer
    ) {
        var json = JSONWriter()
        json.beginObject(&out)
        if let identity {
            json.key("local", &out)
            json.beginObject(&out)
            json.member("hostname", identity.name, &out)
            json.key("gethostbyname", &out)
            json.beginArray(&out)
            for address in identity.entry?.answer?.addresses ?? [] { json.value("\(address)", &out) }
            json.endArray(&out)
            json.member(
                "gethostbyname_error", identity.entry.flatMap { $0.isSilent ? "timeout" : $0.error?.symbol }, &out)
            json.key("addresses", &out)
            json.beginArray(&out)
            for interface in identity.survey.interfaces {
                for address in interface.addresses {
                    json.beginObject(&out)
                    json.member("interface", interface.name, &out)
                    json.member("address", "\(address.address)", &out)
                    json.member("kind", address.address.kind.category.rawValue, &out)
                    json.member("internet", identity.survey.reachesInternet(from: address.address), &out)
                    json.endObject(&out)
                }
            }
            json.endArray(&out)
            json.endObject(&out)
        }
        if let reports {
            json.key("public", &out)
            json.beginObject(&out)
            for family in families {
                let verdict = PublicAddressVerdict(reports, family)
                json.key(family == .ipv4 ? "ipv4" : "ipv6", &out)
                json.beginObject(&out)
                json.member("address", verdict.address.map { "\($0)" }, &out)
                json.member("agreeing", verdict.agreeing, &out)
                json.key("nat", &out)
                if let isTranslated = verdict.isTranslated { json.value(isTranslated, &out) } else { json.null(&out) }
                json.key("others", &out)
                json.beginArray(&out)
                for other in verdict.others { json.value("\(other)", &out) }
                json.endArray(&out)
                json.endObject(&out)
            }
            json.endObject(&out)
            json.key("providers", &out)
            json.beginArray(&out)
            for report in reports { write(report, &json, &out) }
            json.endArray(&out)
        }
        json.endObject(&out)
        json.endLine(&out)
    }

    private static func write(_ report: ProviderReport, _ json: inout JSONWriter, _ out: inout OutputBuffer) {
        json.beginObject(&out)
        json.member("provider", report.provider.text, &out)
        json.member("family", report.family == .ipv4 ? "ipv4" : "ipv6", &out)
        json.member("time_ns", Int(report.after), &out)
        switch report.outcome {
        case .address(let address, let port, let local):
            json.member("address", "\(address)", &out)
            json.member("port", port.map { Int($0.rawValue) }, &out)
            json.member("local", local.map { "\($0)" }, &out)
        case .failed(let reason):
            json.member("error", reason, &out)
        }
        json.endObject(&out)
    }
}
