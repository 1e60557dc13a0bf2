import Sockets

/// An option of `serve` that does something for some services only, as it stands on the command line.
public enum ServerOption: String, Hashable, Sendable {
    case bind = "--bind"
    case port = "--port"
    case family = "-4 or -6"
    case interface = "--interface"
    case reuseAddress = "--reuseaddr"
    case receiveBuffer = "--rcvbuf"
    case keepAlive = "--keepalive"
    case noDelay = "--nodelay"
    case backlog = "--backlog"
    case timeout = "--timeout"
    case most = "--max"
    case limit = "--limit"
    case drop = "--drop"
    case seed = "--seed"
    case kind = "--kind"
    case hidden = "--hidden"
}

/// An option of `client` that does something for some services only, as it stands on the command line.
public enum ClientOption: String, Hashable, Sendable {
    case name = "--name"
    case list = "--list"
    case output = "--output"
    case kind = "--kind"
    case port = "--port"
    case family = "-4 or -6"
    case timeout = "--timeout"
    case limit = "--limit"
}

extension ServiceTransport {
    /// The options that every server over it has.
    func serverOptions(_ kind: SocketKind) -> Set<ServerOption> {
        let network: Set<ServerOption> = [.bind, .port, .family, .interface, .reuseAddress, .receiveBuffer]
        let connections: Set<ServerOption> = [.backlog, .timeout, .most]
        return switch self {
        case .tcp: network.union(connections).union([.keepAlive, .noDelay])
        case .udp: network
        case .unix: kind == .datagram ? [.kind] : connections.union([.kind])
        }
    }

    /// The options that every client over it has.
    var clientOptions: Set<ClientOption> { self == .unix ? [.kind] : [.port, .family] }
}
