import Services
import Sockets

/// The course's adder: more than one request over a connection, one of them bad.
struct AdderDemo: Demo {
    let name = "adder"
    let group = DemoGroup.services
    let summary = "50,40 gives 90; a bad request gets an error and the connection goes on"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .adder
    let longestMessage = ServiceLimits.message / 2

    private static let bad = Array("50,forty".utf8)
    private static let large = Array("-1,99999999999999999999,1".utf8)

    private static func answer(to message: [UInt8]) -> [UInt8] {
        ServedOnce.answer(of: Messages(reply: Adder.reply), to: message)
    }

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 1) { Messages(reply: Adder.reply) }
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .accept)
        let connection = try role.connect()  // socket, connect
        for request in [role.message, Self.bad, Self.large] {
            try connection.sendAll(request)
            role.keep([try connection.recv(atLeast: Self.answer(to: request).count)])
        }
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let sum = try seen.answer(0, is: Self.answer(to: seen.settings.message))
            let error = try seen.answer(1, is: Self.answer(to: Self.bad))
            let large = try seen.answer(2, is: Self.answer(to: Self.large))
            guard let first = try seen.replies(atLeast: 3).first, let last = try seen.replies().last else {
                throw NotSeen("no answer was captured")
            }
            let between = seen.packets.filter { $0.number > first.number && $0.number < last.number }
            try seen.require(
                !between.contains { $0.isSYN || $0.isFIN || $0.isRST },
                "the three requests did not go over one connection")
            return """
                \(Evidence.quoted(seen.settings.message)) gave \(sum) in packet \(first.number), \
                \(Evidence.quoted(Self.bad)) gave \(error), and \(Evidence.quoted(Self.large)) gave \(large) in packet \
                \(last.number): all over one connection, with neither FIN nor RST between, for a wrong request is no \
                reason to hang up, and sums are not limited to 64 bits.
                """
        }
    }
}
