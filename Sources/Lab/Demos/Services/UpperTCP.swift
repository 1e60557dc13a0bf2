import Services
import Sockets

/// The course's TCP server that answers in upper case.
struct UpperTCP: Demo {
    let name = "upper-tcp"
    let group = DemoGroup.services
    let summary = "a text comes back in upper case; nothing marks its end, so 50 ms of quiet do"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .upperTCP
    let longestMessage = ServiceLimits.message / 2

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 1) { Messages(reply: Uppercase.reply) }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        let length = ServedOnce.answer(of: Messages(reply: Uppercase.reply), to: role.message).count
        role.keep(
            try CourseClient(socket: role.sockets).tcp(role.server, messages: [role.message], until: .count(length)))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let expected = ServedOnce.answer(of: Messages(reply: Uppercase.reply), to: seen.settings.message)
            let answer = try seen.answer(0, is: expected)
            let requests = try seen.requests()
            let reply = try seen.replies()[0]
            let request = requests[0]
            // Between two hosts the quiet begins when the message is there: the wire may have lost its first sendings.
            let heard = requests.compactMap { (try? seen.arrivals(of: $0))?.first }.first ?? request
            let end =
                seen.settings.message.contains(10)
                ? "A newline ends a message; what stands after the last one is ended by 50 ms of quiet."
                : """
                No newline says where the message ends: the server took 50 ms of quiet for its end, and so the answer \
                left \(seen.gap(heard, reply)) after it had come.
                """
            return """
                \(Evidence.quoted(seen.settings.message)) of packet \(request.number) came back in packet \
                \(reply.number) as \(answer). \(end)
                """
        }
    }
}
