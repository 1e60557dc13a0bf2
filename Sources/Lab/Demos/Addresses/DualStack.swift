import Addressing
import Sockets

/// One socket for IPv6 and IPv4.
struct DualStack: Demo {
    let name = "dual-stack"
    let group = DemoGroup.addresses
    let summary = "one IPv6 socket serves IPv4 too (::ffff:127.0.0.1), unless IPV6_V6ONLY is set"
    let furtherPorts = 1
    let notOverIPv6: String? = "it runs over IPv6 and IPv4 at once, as it always does; leave -6 out"

    func server(_ role: Role) throws(SocketError) {
        let (port, next) = (role.server.port, Port(role.server.port.rawValue &+ 1))
        let both = try role.sockets(.ipv6, .stream)
        let only = try role.sockets(.ipv6, .stream)
        try both.set(.ipv6Only, false)
        try both.bind(to: Endpoint(.v6(.any), port))
        try both.listen(backlog: 2)
        try only.set(.ipv6Only, true)
        try only.bind(to: Endpoint(.v6(.any), next))
        try only.listen(backlog: 2)
        role.tell("listening")
        try both.accept().socket.close()
        try both.accept().socket.close()
        try only.accept().socket.close()
        try both.close()
        try only.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let (port, next) = (role.server.port, Port(role.server.port.rawValue &+ 1))
        let (six, four) = (IPAddress.v6(role.settings.network.ipv6), IPAddress.v4(role.settings.network.ipv4))
        for place in [Endpoint(six, port), Endpoint(four, port), Endpoint(six, next), Endpoint(four, next)] {
            let connection = try role.sockets(AddressFamily(of: place.address), .stream)
            let error = role.trying { () throws(SocketError) in try connection.connect(to: place) }
            if error == nil { _ = try connection.recv(1024) }
            try connection.close()
        }
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let (port, next) = (seen.server.port, Port(seen.server.port.rawValue &+ 1))
        let six = try seen.packet("the SYN-ACK over IPv6") {
            $0.isSYNACK && $0.source == Endpoint(.v6(seen.settings.network.ipv6), port)
        }
        let four = try seen.packet("the SYN-ACK over IPv4") {
            $0.isSYNACK && $0.source == Endpoint(.v4(seen.settings.network.ipv4), port)
        }
        let rst = try seen.packet("the RST over IPv4") {
            $0.isRST && $0.source == Endpoint(.v4(seen.settings.network.ipv4), next)
        }
        _ = try seen.failure(.client, .connect, "ECONNREFUSED")
        let mapped = seen.calls(.server, .accept).compactMap { call -> String? in
            guard case .accepted(_, let peer) = call.result, case .v6(let address) = peer.address,
                address.mappedIPv4 != nil
            else { return nil }
            return "\(peer.address)"
        }
        guard let shown = mapped.first else { throw NotSeen("accept() gave no IPv4-mapped address") }
        return .shown(
            """
            The one socket on [::]:\(port) answered over IPv6 (SYN-ACK in packet \(six.number)) and over IPv4 (packet \
            \(four.number)), and accept() called the IPv4 client \(shown); with IPV6_V6ONLY the socket on [::]:\(next) \
            is not there for IPv4: the RST in packet \(rst.number), ECONNREFUSED.
            """)
    }
}
