import Services
import Sockets

/// The same message over TCP and over UDP.
struct Compare: Demo {
    let name = "compare"
    let group = DemoGroup.services
    let summary = "the same message over TCP and over UDP, side by side"
    let choices: Set<DemoChoice> = [.message, .count]
    let showsCards = true
    let parts: [any Demo] = [TCPEcho(), UDPEcho()]

    func client(_ role: Role) throws(SocketError) {}
    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict { seen.echoVerdict }
}
