import Services
import Sockets

/// The course's TCP echo.
struct TCPEcho: Demo {
    let name = "tcp-echo"
    let group = DemoGroup.services
    let summary = "the course's TCP echo: handshake, data both ways, teardown"
    let service: ServiceDescription? = .tcpEcho
    let choices: Set<DemoChoice> = [.message, .count]
    let showsCards = true

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 1) { Echo() }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        role.keep(
            try EchoClient(socket: role.sockets).tcp(role.server, message: role.message, count: role.settings.count))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict { seen.echoVerdict }
}
