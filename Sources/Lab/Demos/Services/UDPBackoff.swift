import Addressing
import Services
import Sockets

/// A server that loses datagrams, and a client that asks again and again, each time more patiently.
struct UDPBackoff: Demo {
    let name = "udp-backoff"
    let group = DemoGroup.services
    let summary = "datagrams are lost: the client waits 0.1 s, 0.2 s, 0.4 s … for an answer, and after 1.6 s gives up"
    let service: ServiceDescription? = .udpBackoff
    let furtherPorts = 1

    /// With this seed and half of them lost, the first two are, and the third is not.
    private static let seed: UInt64 = 7
    private static let silentAfter = 5

    private static func deaf(_ role: Role) -> Endpoint {
        Endpoint(role.server.address, Port(role.server.port.rawValue + 1))
    }

    func server(_ role: Role) throws(SocketError) {
        // The wire may lose some, and then the client ends before so many have come.
        try role.serve(
            datagrams: 3, size: CourseDefaults.datagramSize, stop: role.stop(after: "asked"),
            LossyDatagrams(dropping: 0.5, seed: Self.seed))
        try BlockingDriver(socket: role.sockets, stop: role.stop(after: "asked in vain")).serveUDP(
            at: Self.deaf(role), datagrams: Self.silentAfter, logic: LossyDatagrams(dropping: 1, seed: 0),
            report: { event in
                if case .listening = event { role.tell("deaf") }
            })
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        let client = BackoffClient(socket: role.sockets)
        let answer = try client.ask(role.server, message: role.message).answer
        role.tell("asked")
        role.keep([answer ?? []])
        try role.wait(for: "deaf")
        let none = try client.ask(Self.deaf(role), message: role.message).answer
        role.tell("asked in vain")
        role.keep([none ?? []])
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            let answer = try seen.answer(0, is: Array(DatagramLength.text(for: seen.settings.message.count).utf8))
            let asked = try seen.packets("the same datagram three times", atLeast: 3) {
                $0.isUDP && seen.isToServer($0)
            }
            let reply = try seen.replies()[0]
            try seen.require(
                asked.count == 3 && reply.number > asked[2].number,
                "the third datagram was not the one that was answered")
            let given = seen.packets.filter {
                $0.isUDP && $0.destination?.port.rawValue == seen.server.port.rawValue + 1
            }
            try seen.require(
                given.count == Self.silentAfter,
                "\(given.count) of \(Self.silentAfter) datagrams went to the server that answers none")
            try seen.require(
                seen.answers.count == 2 && seen.answers[1].isEmpty, "the server that answers none has answered")
            let gaps = zip(given, given.dropFirst()).map { seen.gap($0, $1) }.joined(separator: ", ")
            return """
                One question went out as \(seen.list(asked)): nobody answered for \(seen.gap(asked[0], asked[1])), \
                then for \(seen.gap(asked[1], asked[2])), and the third was answered \(answer) in packet \
                \(reply.number). Of another server \(seen.list(given)) got no answer, after waits of \(gaps) and a \
                last one of 1.6 s: the client gave up, for a server that is gone or overloaded is not helped by \
                shouting faster.
                """
        }
    }
}
