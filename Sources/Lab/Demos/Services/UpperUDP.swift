import Services
import Sockets

/// The course's UDP server that answers in upper case.
struct UpperUDP: Demo {
    let name = "upper-udp"
    let group = DemoGroup.services
    let summary = "a datagram comes back in upper case: it is a message by itself, whole and at once"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .upperUDP

    func server(_ role: Role) throws(SocketError) {
        try role.serve(datagrams: 1, UppercaseDatagrams())
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        role.keep(try CourseClient(socket: role.sockets).udp(role.server, messages: [role.message]))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let answer = try seen.answer(0, is: Uppercase.reply(to: seen.settings.message).bytes)
            let (request, reply) = (try seen.requests()[0], try seen.replies()[0])
            return """
                \(Evidence.quoted(seen.settings.message)) went as packet \(request.number) and came back \
                \(seen.gap(request, reply)) later as packet \(reply.number), \(answer): a datagram is a message, so \
                the server needs no end mark and waits for none.
                """
        }
    }
}
