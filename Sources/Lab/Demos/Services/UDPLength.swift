import Services
import Sockets

/// The course's UDP server that says how long a message was.
struct UDPLength: Demo {
    let name = "udp-length"
    let group = DemoGroup.services
    let summary = "the server says how long each datagram was, an empty one too"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .udpLength

    func server(_ role: Role) throws(SocketError) {
        try role.serve(datagrams: 2, DatagramLength())
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        role.keep(try CourseClient(socket: role.sockets).udp(role.server, messages: [role.message, []]))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let first = try seen.answer(0, is: Array(DatagramLength.text(for: seen.settings.message.count).utf8))
            let empty = try seen.answer(1, is: Array(DatagramLength.text(for: 0).utf8))
            let requests = try seen.packets("two datagrams to the server", atLeast: 2) {
                $0.isUDP && seen.isToServer($0)
            }
            let replies = try seen.replies(atLeast: 2)
            return """
                Packet \(requests[0].number) was answered \(first) in packet \(replies[0].number), and packet \
                \(requests[1].number), a datagram without a byte, \(empty) in packet \(replies[1].number): over UDP an \
                empty message is one, and recvfrom() that gives 0 bytes is not the end of anything.
                """
        }
    }
}
