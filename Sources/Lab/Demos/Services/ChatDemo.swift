import Services
import Sockets

/// A room of three members.
struct ChatDemo: Demo {
    let name = "chat"
    let group = DemoGroup.services
    let summary = "three members of a room: what one says, the server sends to all others"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .chat
    let defaultMessage = "hello, all"
    let longestMessage = ServiceLimits.line

    func server(_ role: Role) throws(SocketError) {
        try role.serve(connections: 3, Chat())
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let anna = try Self.join(role, "anna")
        let bob = try Self.join(role, "bob")
        let carl = try Self.join(role, "carl")
        // What the room says of those who came after.
        _ = try anna.recv(until: "* carl joined: 3 here\n")
        _ = try bob.recv(until: "* carl joined: 3 here\n")
        try bob.sendAll(role.message + [10])
        let heard = ChatDemo.line(of: role.message)
        role.keep([try anna.recv(until: heard), try carl.recv(until: heard)])
        try bob.close()
        role.keep([try anna.recv(until: "* bob left: 2 here\n"), try carl.recv(until: "* bob left: 2 here\n")])
        try anna.close()
        _ = try carl.recv(until: "* anna left: 1 here\n")
        try carl.close()
    }

    private static func join(_ role: Role, _ name: String) throws(SocketError) -> RecordedSocket {
        let member = try role.connect()  // socket, connect
        _ = try member.recv(until: Chat.welcome)
        try member.sendAll(Array("\(name)\n".utf8))
        _ = try member.recv(until: "* hello \(name); ")
        return member
    }

    /// What the others hear: a message of several lines is several.
    private static func line(of message: [UInt8]) -> String {
        message.split(separator: 10, omittingEmptySubsequences: false).map { "bob: \(Chat.visible(Array($0)))\n" }
            .joined()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        try seen.judged {
            guard seen.answers.count == 4, seen.answers[0] == seen.answers[1] else {
                throw WrongAnswer(text: "the others did not hear the same")
            }
            _ = try seen.answer(0, is: Array(Self.line(of: seen.settings.message).utf8))
            let text = Evidence.quoted(seen.answers[0].dropLast())
            let length = seen.settings.message.count + 1
            let said = try seen.packet("bob's line") { seen.isToServer($0) && $0.payload == length }
            let answers = seen.packets.filter { $0.number > said.number && seen.isFromServer($0) && $0.payload > 0 }
            guard let first = answers.first, let second = answers.first(where: { $0.destination != first.destination })
            else {
                throw NotSeen("the line was not captured on its way to both others")
            }
            try seen.require(
                first.destination != said.source && second.destination != said.source,
                "the line went back to its speaker")
            return """
                bob's line in packet \(said.number) left the server twice, \(text) in \(seen.list([first, second])), \
                to anna and to carl, and not to bob: TCP knows only two ends, a room is three connections and a server \
                that copies from one to the others.
                """
        }
    }
}
