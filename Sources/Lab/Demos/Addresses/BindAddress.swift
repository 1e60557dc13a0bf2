import Addressing
import Sockets

/// What a server is bound to decides from where it is reached.
struct BindAddress: Demo {
    let name = "bind-address"
    let group = DemoGroup.addresses
    let needsOneHost: String? =
        "it compares the addresses of one machine, 127.0.0.1 among them, which no other host reaches"
    let summary = "127.0.0.1, the interface's address, 0.0.0.0: from where each is reached"
    let notOverIPv6: String? = "it compares IPv4 addresses, 127.0.0.1 and 0.0.0.0 among them"
    let furtherPorts = 2
    let needsPrivateNetwork: String? = "it gives the machine a further address"

    /// Of a block for documentation (RFC 5737): here it is the machine's address in its network.
    private static let outside = IPv4Address(rawValue: 0xc000_0201)
    private static let hosts: [IPAddress] = [.v4(.loopback), .v4(outside)]
    private static let bindings: [IPAddress] = [.v4(.loopback), .v4(outside), .v4(.any)]

    private static func port(_ server: Endpoint, _ index: Int) -> Port { Port(server.port.rawValue &+ UInt16(index)) }

    func prepare(_ settings: DemoSettings) throws(SocketError) {
        try InterfaceControl.addAddress(Self.outside, prefixLength: 32, label: "lo:1")
    }

    func server(_ role: Role) throws(SocketError) {
        let local = try role.socket(.stream)
        let external = try role.socket(.stream)
        let all = try role.socket(.stream)
        try local.bind(to: Endpoint(Self.bindings[0], Self.port(role.server, 0)))
        try local.listen(backlog: 2)
        try external.bind(to: Endpoint(Self.bindings[1], Self.port(role.server, 1)))
        try external.listen(backlog: 2)
        try all.bind(to: Endpoint(Self.bindings[2], Self.port(role.server, 2)))
        try all.listen(backlog: 2)
        role.tell("listening")
        try local.accept().socket.close()
        try external.accept().socket.close()
        try all.accept().socket.close()
        try all.accept().socket.close()
        try local.close()
        try external.close()
        try all.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        for index in Self.bindings.indices {
            for host in Self.hosts {
                let connection = try role.socket(.stream)
                let error = role.trying { () throws(SocketError) in
                    try connection.connect(to: Endpoint(host, Self.port(role.server, index)))
                }
                if error == nil { _ = try connection.recv(1024) }
                try connection.close()
            }
        }
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        var sentences: [String] = []
        for (index, binding) in Self.bindings.enumerated() {
            var parts: [String] = []
            for host in Self.hosts {
                let place = Endpoint(host, Self.port(seen.server, index))
                let isOpen = binding == host || binding.isUnspecified
                let answer = try seen.packet("the answer of \(place)") {
                    $0.source == place && (isOpen ? $0.isSYNACK : $0.isRST)
                }
                parts.append(
                    "\(isOpen ? "answers" : "refuses") at \(host) "
                        + "(\(isOpen ? "SYN-ACK" : "RST") in packet \(answer.number))"
                )
            }
            sentences.append("bound to \(binding) " + parts.joined(separator: " and "))
        }
        let refused = seen.calls(.client, .connect).filter { $0.errno == "ECONNREFUSED" }
        try seen.require(refused.count == 2, "\(refused.count) of 2 connect() calls failed with ECONNREFUSED")
        return .shown(
            """
            A server \(sentences.joined(separator: "; one ")). So 127.0.0.1 is for this machine alone, 0.0.0.0 for \
            everybody who reaches any of its addresses. (\(Self.outside) stands for the machine's address in its \
            network.)
            """)
    }
}
