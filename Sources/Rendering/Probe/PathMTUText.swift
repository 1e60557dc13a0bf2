import Addressing
import Packets
import Probe
import Sockets
import Text

/// What is known of a path's MTU.
public enum PathMTUText {
    /// Writes the MTU, what it leaves for data, and how it became known.
    public static func write(_ result: PathMTUResult, host: String, peer: Endpoint, to out: inout OutputBuffer) {
        let isIPv4 = AddressFamily(of: peer.address) == .ipv4
        let header = isIPv4 ? 20 : 40
        out.append("path MTU to ")
        out.append(escaping: host)
        out.append(text: " (\(peer.address)): ")
        out.append(style: .bold)
        out.append(text: "\(result.mtu) bytes")
        out.append(style: .plain)
        out.append(text: " = \(header) IP header + 8 UDP header + \(result.mtu - header - 8) payload")
        out.append(text: ", so TCP segments of \(result.mtu - header - 20) bytes (MSS)\n")
        if result.isLargestDatagram {
            out.append(
                text: "  no datagram is larger (\(result.mtu - header - 8) bytes of payload): the path may take more\n")
        } else if result.mtu == result.interfaceMTU {
            out.append("  the limit is this machine's own interface\n")
        }
        for router in result.routers {
            out.append(
                text:
                    """
                      \(router.address.map { "\($0)" } ?? "a router") says: \(router.limit) fit through here \
                    (\(isIPv4 ? "fragmentation needed" : "packet too big"))\n
                    """
            )
        }
        if result.silences > 0, result.mtu != result.interfaceMTU {
            out.append(text: "  found by trying: larger packets vanish without a word (a black hole, RFC 2923)\n")
        }
        out.append(text: "  \(result.packets) packets sent, all with don't-fragment set\n")
    }

    /// Writes the same as one JSON object.
    public static func writeJSON(_ result: PathMTUResult, host: String, peer: Endpoint, to out: inout OutputBuffer) {
        var json = JSONWriter()
        json.beginObject(&out)
        json.member("type", "path_mtu", &out)
        json.member("host", host, &out)
        json.member("peer", "\(peer)", &out)
        json.member("mtu", result.mtu, &out)
        json.member("payload", result.mtu - (AddressFamily(of: peer.address) == .ipv4 ? 28 : 48), &out)
        json.member("interface_mtu", result.interfaceMTU, &out)
        json.member("black_hole", result.silences > 0, &out)
        json.member("packets", result.packets, &out)
        json.key("routers", &out)
        json.beginArray(&out)
        for router in result.routers {
            json.beginObject(&out)
            json.member("address", router.address.map { "\($0)" }, &out)
            json.member("limit", router.limit, &out)
            json.endObject(&out)
        }
        json.endArray(&out)
        json.endObject(&out)
        json.endLine(&out)
    }
}
