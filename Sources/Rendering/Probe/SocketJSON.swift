import Addressing
import Probe
import Sockets
import Text

/// The sockets of a machine as one JSON object.
public enum SocketJSON {
    /// Writes the object with its line end.
    public static func write(_ survey: SocketSurvey, to out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.key("sockets", &out)
        json.beginArray(&out)
        for entry in survey.entries { write(entry, survey, &json, &out) }
        json.endArray(&out)
        json.key("ephemeral_ports", &out)
        if let range = survey.ephemeral {
            json.beginArray(&out)
            json.value(Int64(range.lowerBound), &out)
            json.value(Int64(range.upperBound), &out)
            json.endArray(&out)
        } else {
            json.null(&out)
        }
        json.endObject(&out)
        json.endLine(&out)
    }

    private static func write(
        _ entry: SocketEntry, _ survey: SocketSurvey, _ json: inout JSONWriter, _ out: inout OutputBuffer
    ) {
        json.beginObject(&out)
        json.member("transport", entry.transport.name, &out)
        json.member("family", entry.family == .ipv4 ? "ipv4" : "ipv6", &out)
        json.member("passive", entry.isPassive, &out)
        json.member(
            "state", entry.transport == .udp ? (entry.peer == nil ? "bound" : "connected") : entry.state.text, &out)
        json.member("local", "\(entry.local)", &out)
        json.member("local_address", "\(entry.local.address)", &out)
        json.member("local_port", Int(entry.local.port.rawValue), &out)
        json.member("peer", entry.peer.map { "\($0)" }, &out)
        json.member("receive_queue", Int(entry.receiveQueue), &out)
        json.member("send_queue", Int(entry.sendQueue), &out)
        json.member("backlog", entry.backlog.map(Int.init), &out)
        if let isIPv6Only = entry.isIPv6Only { json.member("ipv6_only", isIPv6Only, &out) }
        if entry.isPassive {
            let reach: String? =
                switch entry.reach {
                case .machine?: "machine"
                case .link?: "link"
                case .network?: "network"
                case .everywhere?: "everywhere"
                case nil: nil
                }
            json.member("reachable_from", reach, &out)
        }
        json.member("port_class", PortClass(entry.local.port).rawValue, &out)
        json.member("ephemeral", survey.ephemeral?.contains(entry.local.port.rawValue) ?? false, &out)
        json.member("service", PortNames.name(of: entry.local.port, entry.transport == .tcp ? .tcp : .udp), &out)
        json.member("user_id", Int(entry.userID), &out)
        json.member("user", survey.users[entry.userID], &out)
        json.member("inode", Int(clamping: entry.inode), &out)
        json.key("owners", &out)
        json.beginArray(&out)
        for owner in entry.owners {
            json.beginObject(&out)
            json.member("pid", owner.processID, &out)
            json.member("name", owner.name, &out)
            json.member("fd", Int(owner.descriptor), &out)
            json.endObject(&out)
        }
        json.endArray(&out)
        json.endObject(&out)
    }
}
