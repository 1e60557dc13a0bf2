import Services
import Sockets

/// The course's UDP echo.
struct UDPEcho: Demo {
    let name = "udp-echo"
    let group = DemoGroup.services
    let summary = "the course's UDP echo: one datagram there, one back, nothing else"
    let choices: Set<DemoChoice> = [.message, .count]
    let defaultMessage = CourseDefaults.udpMessage
    let showsCards = true

    func server(_ role: Role) throws(SocketError) {
        try BlockingDriver(socket: role.sockets, stop: role.stop)
            .serveUDP(at: role.server, datagrams: role.settings.count, logic: Echo(), report: { _ in })
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        role.keep(
            try EchoClient(socket: role.sockets).udp(role.server, message: role.message, count: role.settings.count))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict { seen.echoVerdict }
}
