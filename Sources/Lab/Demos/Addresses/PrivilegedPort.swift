import Addressing
import Sockets

/// Ports below 1024.
struct PrivilegedPort: Demo {
    let name = "privileged-port"
    let group = DemoGroup.addresses
    let summary = "bind() to a port below 1024 without CAP_NET_BIND_SERVICE: EACCES, no packet"

    private static let port: Port = 80

    func server(_ role: Role) throws(SocketError) {
        // This thread alone: as an ordinary user's program.
        try ProcessPrivileges.dropThreadCapabilities()
        let server = try role.socket(.stream)
        role.trying { () throws(SocketError) in try server.bind(to: Endpoint(role.server.address, Self.port)) }
        try server.bind(to: role.server)
        try server.listen(backlog: 1)
        role.tell("listening")
        _ = try server.accept()
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let refused = try seen.failure(.server, .bind, "EACCES")
        let bound = try seen.success(.server, .bind)
        let synACK = try seen.packet("the SYN-ACK from the other port") { $0.isSYNACK && seen.isFromServer($0) }
        try seen.require(
            refused.id < bound.id
                && !seen.packets.contains { $0.time.map { $0 < refused.finish ?? refused.start } ?? false },
            "a packet came before bind()")
        return .shown(
            """
            bind() to port \(Self.port) failed with EACCES before any packet: ports below 1024 are for programs with \
            CAP_NET_BIND_SERVICE, which this one had given up; port \(seen.server.port) was anybody's, and answers \
            (SYN-ACK in packet \(synACK.number)).
            """)
    }
}
