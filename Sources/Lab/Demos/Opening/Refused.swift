import Sockets
import Timeline

/// connect() where nobody listens.
struct Refused: Demo {
    let name = "refused"
    let group = DemoGroup.opening
    let summary = "connect() to a port on which nobody listens: RST, ECONNREFUSED"

    func client(_ role: Role) throws(SocketError) {
        let connection = try role.socket(.stream)
        role.trying { () throws(SocketError) in try connection.connect(to: role.server) }
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let call = try seen.failure(.client, .connect, "ECONNREFUSED")
        guard case .refused(let rst, let syn) = try seen.cause(of: call) else {
            throw NotSeen("no RST answered the SYN")
        }
        return .shown(
            """
            The RST in packet \(rst), the answer to the SYN in packet \(syn), made connect() fail with ECONNREFUSED \
            after \(call.duration.inWords): the machine is there, but nothing listens on port \(seen.server.port).
            """)
    }
}
