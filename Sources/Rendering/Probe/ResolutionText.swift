import Addressing
import Packets
import Probe
import Sockets
import Text

/// The answers of the resolver side by side, and why they differ. Names come from servers: they are escaped.
public enum ResolutionText {
    /// - Parameter scopeName: the interface's name of an IPv6 scope (RFC 4007); nil where it has none.
    public static func write(_ resolution: NameResolution, scopeName: (UInt32) -> String?, to out: inout OutputBuffer) {
        if resolution.address == nil {
            if let entry = resolution.hostEntry {
                heading("gethostbyname", resolution.question, entry, &out)
                if let answer = entry.answer { write(answer, &out) }
            }
            heading("getaddrinfo", resolution.question, resolution.addressList, &out)
            if let answer = resolution.addressList.answer { write(answer, scopeName, &out) }
        } else if resolution.names.isEmpty {
            // An address that this machine cannot even read, such as one on an interface it does not have.
            heading("getaddrinfo", resolution.question, resolution.addressList, &out)
        }
        for reverse in resolution.names {
            heading("getnameinfo", text(reverse.endpoint, scopeName), reverse.lookup, &out)
            if let name = reverse.lookup.answer {
                out.append("  name       ")
                out.append(escaping: name)
                out.append(ascii: 10)
            }
            if resolution.address != nil { kindLine(reverse.endpoint.address, &out) }
        }
        let notes = ResolutionNote.notes(on: resolution)
        if !notes.isEmpty { out.append(ascii: 10) }
        if !resolution.hostsLines.isEmpty { out.append("Where /etc/hosts has the answer, the DNS is not asked:\n") }
        for note in notes {
            out.append(escaping: text(note, question: resolution.question))
            out.append(ascii: 10)
        }
    }

    private static func heading<Answer>(
        _ call: String, _ argument: String, _ lookup: Lookup<Answer>, _ out: inout OutputBuffer
    ) {
        out.append(style: .bold)
        out.append(text: call)
        out.append(style: .plain)
        out.append(ascii: 40)
        out.append(escaping: argument)
        out.append(")  ")
        switch lookup {
        case .answered(_, let time):
            out.append(text: DurationText.text(time))
        case .failed(let error, let time):
            out.append(style: .red)
            out.append(text: error.symbol)
            out.append(style: .plain)
            out.append(text: ": \(error.reason)  \(DurationText.text(time))")
        case .silent(let time):
            out.append(style: .red)
            out.append("no answer")
            out.append(style: .plain)
            out.append(text: " within \(DurationText.text(time))")
        }
        out.append(ascii: 10)
    }

    private static func write(_ entry: HostEntry, _ out: inout OutputBuffer) {
        out.append("  name       ")
        out.append(escaping: entry.name)
        out.append("\n  aliases    ")
        for (index, alias) in entry.aliases.enumerated() {
            if index > 0 { out.append(", ") }
            out.append(escaping: alias)
        }
        if entry.aliases.isEmpty { out.append("none") }
        out.append(ascii: 10)
        for address in entry.addresses { line("address", "\(address)", address, &out) }
    }

    private static func write(_ list: AddressList, _ scopeName: (UInt32) -> String?, _ out: inout OutputBuffer) {
        if let name = list.canonicalName {
            out.append("  name       ")
            out.append(escaping: name)
            out.append(ascii: 10)
        }
        for (index, endpoint) in list.endpoints.enumerated() {
            line(index == 0 ? "try first" : "then", text(endpoint, scopeName), endpoint.address, &out)
        }
    }

    private static func line(_ label: String, _ address: String, _ value: IPAddress, _ out: inout OutputBuffer) {
        out.append(text: "  " + label)
        out.append(spaces: 11 - label.utf8.count)
        out.append(escaping: address)
        out.append("  ")
        out.append(style: .cyan)
        out.append(text: "\(value.kind)")
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private static func kindLine(_ address: IPAddress, _ out: inout OutputBuffer) {
        out.append("  kind       ")
        out.append(style: .cyan)
        out.append(text: "\(address.kind)")
        out.append(style: .plain)
        out.append(ascii: 10)
    }

    private static func text(_ endpoint: Endpoint, _ scopeName: (UInt32) -> String?) -> String {
        guard endpoint.scope != 0 else { return "\(endpoint.address)" }
        return "\(endpoint.address)%\(scopeName(endpoint.scope) ?? String(endpoint.scope))"
    }

    private static func text(_ note: ResolutionNote, question: String) -> String {
        switch note {
        case .onlyIPv4FromOldCall(let missing):
            """
            gethostbyname knows IPv4 only: \(missing) IPv6 address\(missing == 1 ? "" : "es") came from \
            getaddrinfo alone. New programs use getaddrinfo.
            """
        case .hostsFile(let line):
            "/etc/hosts line \(line.number): \(line.address) \(line.names.joined(separator: " "))"
        case .ownNameOnLoopback(let address):
            """
            \(address): Debian and Ubuntu give the machine's own name this loopback address in /etc/hosts, so \
            gethostbyname(gethostname()) is no address that others could reach. netprobe ifaces shows those.
            """
        case .otherOrder:
            """
            The order differs: getaddrinfo sorts by what this machine reaches best (RFC 6724), gethostbyname leaves \
            the server's order, which may change from answer to answer.
            """
        case .otherAddresses:
            """
            The IPv4 addresses differ: the calls were answered at different times, or by different sources (see \
            the hosts line of /etc/nsswitch.conf).
            """
        case .repeated(let address):
            "\(address) comes several times from gethostbyname: several lines of /etc/hosts lead there."
        case .onlyOneAnswered:
            """
            Only one of the two calls was answered: they ask differently (address family, /etc/nsswitch.conf), \
            or the server answers now and then.
            """
        case .otherNameBack(let address, let name):
            "\(address) has another name, \(name): whoever owns the address chose it, not the owner of \(question)."
        case .noWayBack(let address):
            "No name is known for \(address): the way back has its own records (PTR), which its owner did not set."
        case .numberForm(let address):
            """
            \(question) is taken for a number, not for a name (inet_aton): the last part fills the bytes that are \
            left, 0x means hexadecimal, a leading 0 octal. So it is \(address), and nobody was asked.
            """
        case .silence(let time):
            """
            The resolver did not answer within \(DurationText.text(time)): the servers in /etc/resolv.conf may be \
            unreachable; a longer --timeout may help.
            """
        }
    }
}
