import Services
import Sockets

/// The course's first server: it speaks first, and closes first.
struct GreetingDemo: Demo {
    let name = "greeting"
    let group = DemoGroup.services
    let summary = "the server thanks whoever connects, and closes first: TIME-WAIT is the server's"
    let service: ServiceDescription? = .greeting

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 1) { Greeting() }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        role.keep(try CourseClient(socket: role.sockets).tcp(role.server, messages: [], until: .endOfStream))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let text = try seen.answer(0, is: Array(Greeting.text.utf8))
            let reply = try seen.replies()[0]
            let fin = try seen.packet("the server's FIN") { $0.isFIN && seen.isFromServer($0) }
            let answer = try seen.packet("the client's FIN", after: fin) { $0.isFIN && seen.isToServer($0) }
            try seen.require(
                !seen.packets.contains { $0.payload > 0 && seen.isToServer($0) }, "the client has sent data")
            return """
                The server spoke first, \(text) in packet \(reply.number), and closed first, with the FIN of packet \
                \(fin.number); the client, which sent no byte, answered with its own in packet \(answer.number). Who \
                closes first keeps TIME-WAIT, here the server: it cannot bind port \(seen.server.port) again for a \
                minute, unless it sets SO_REUSEADDR (netprobe demo time-wait).
                """
        }
    }
}
