import Services
import Sockets

/// The course's UDP echo.
struct UDPEcho: Demo {
    let name = "udp-echo"
    let group = DemoGroup.services
    let summary = "the course's UDP echo: one datagram there, one back, nothing else"
    let service: ServiceDescription? = .udpEcho
    let choices: Set<DemoChoice> = [.message, .count]
    let showsCards = true

    func server(_ role: Role) throws(SocketError) {
        try role.serve(datagrams: role.settings.count, size: CourseDefaults.datagramSize, Echo())
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        role.keep(
            try EchoClient(socket: role.sockets).udp(role.server, message: role.message, count: role.settings.count))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict { seen.echoVerdict }
}
