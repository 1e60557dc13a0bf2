import Addressing
import Packets
import Probe
import Sockets
import Text

/// The sockets of a machine: those that wait for others, then the conversations.
public enum SocketText {
    /// - Parameter columns: the terminal's; a table that is wider puts port and owner below the rest of each row.
    ///   nil: a row a line, however long.
    public static func write(_ survey: SocketSurvey, columns: Int?, to out: inout OutputBuffer) {
        let passive = survey.entries.filter(\.isPassive)
        let active = survey.entries.filter { !$0.isPassive }
        if !passive.isEmpty {
            table(
                "Passive sockets, which wait for others",
                [
                    "proto", "state", "local address", "waiting", "reachable from", "port", "owner",
                ],
                passive.map { entry in
                    [
                        name(entry), entry.transport == .udp ? "bound" : entry.state.text, local(entry), queue(entry),
                        reach(entry), port(entry.local.port, entry.transport, survey), owner(entry, survey),
                    ]
                }, columns, &out)
        }
        if !active.isEmpty {
            if !passive.isEmpty { out.append(ascii: 10) }
            table(
                "Active sockets, each with its four-tuple",
                [
                    "proto", "state", "local address", "peer address", "recv-q", "send-q", "local port", "owner",
                ],
                active.map { entry in
                    [
                        name(entry), entry.transport == .udp ? "connected" : entry.state.text, "\(entry.local)",
                        entry.peer.map { "\($0)" } ?? "*",
                        String(entry.receiveQueue), String(entry.sendQueue),
                        port(entry.local.port, entry.transport, survey), owner(entry, survey),
                    ]
                }, columns, &out)
        }
        if let range = survey.ephemeral {
            out.append(
                text:
                    """
                    \nports that this machine gives out by itself (ephemeral): \(range.lowerBound)-\(range.upperBound)\n
                    """
            )
        }
    }

    private static func name(_ entry: SocketEntry) -> String {
        entry.transport.name + (entry.family == .ipv6 ? "6" : "")
    }

    /// A listener on `::` usually takes IPv4 too.
    private static func local(_ entry: SocketEntry) -> String {
        guard entry.family == .ipv6, entry.local.address.isUnspecified else { return "\(entry.local)" }
        switch entry.isIPv6Only {
        case true?: return "\(entry.local) (IPv6 only)"
        case false?: return "\(entry.local) (and IPv4)"
        case nil: return "\(entry.local)"
        }
    }

    /// Connections that wait for `accept` of how many that may, or bytes that wait for `recvfrom`.
    private static func queue(_ entry: SocketEntry) -> String {
        if entry.transport == .udp { return "\(entry.receiveQueue) bytes" }
        return "\(entry.receiveQueue)" + (entry.backlog.map { " of \($0)" } ?? "")
    }

    private static func reach(_ entry: SocketEntry) -> String {
        switch entry.reach {
        case .machine?: "this machine only"
        case .link?: "this link"
        case .network?: "this network"
        case .everywhere?: "everywhere"
        case nil: "nowhere"
        }
    }

    private static func port(_ port: Port, _ transport: Transport, _ survey: SocketSurvey) -> String {
        var text = PortClass(port).rawValue
        if let name = PortNames.name(of: port, transport == .tcp ? .tcp : .udp) { text = "\(name), \(text)" }
        if let range = survey.ephemeral, range.contains(port.rawValue) { text += ", ephemeral" }
        return text
    }

    private static func owner(_ entry: SocketEntry, _ survey: SocketSurvey) -> String {
        if let first = entry.owners.first {
            let others = entry.owners.count - 1
            return "\(first.name) (\(first.processID))" + (others > 0 ? " and \(others) more" : "")
        }
        if entry.inode == 0 { return "none any more" }
        return "of user \(survey.users[entry.userID] ?? String(entry.userID))"
    }

    private static func table(
        _ title: StaticString, _ head: [String], _ rows: [[String]], _ columns: Int?, _ out: inout OutputBuffer
    ) {
        out.append(style: .bold)
        out.append(title)
        out.append(style: .plain)
        out.append(ascii: 10)
        let shown = ([head] + rows).map { $0.map(\.escapedForDisplay) }
        let widths = head.indices.map { column in shown.map { $0[column].count }.max() ?? 0 }
        let total = widths.reduce(0, +) + 2 * (head.count - 1)
        // What is left out of the first line goes below it.
        let below = columns.map { total > $0 } ?? false ? 2 : 0
        for (index, row) in shown.enumerated() {
            if index == 0 { out.append(style: .dim) }
            let first = row.dropLast(below)
            for (column, cell) in first.enumerated() {
                out.append(text: cell)
                if column < first.count - 1 { out.append(spaces: widths[column] - cell.count + 2) }
            }
            if below > 0 {
                out.append("\n       ")
                out.append(text: row.suffix(below).joined(separator: "; "))
            }
            if index == 0 { out.append(style: .plain) }
            out.append(ascii: 10)
        }
    }
}
