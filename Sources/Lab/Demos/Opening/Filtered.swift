import Sockets
import Timeline

/// connect() where whatever arrives is thrown away. The timers are made small, so that it ends within 2 seconds.
struct Filtered: Demo {
    let name = "filtered"
    let group = DemoGroup.opening
    let summary = "connect() into a firewall that drops: the SYN is repeated, nobody answers, ETIMEDOUT"
    let leavesConnectionsOpen = true

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.socket(.stream)
        try listener.bind(to: role.server)
        try listener.dropWhatArrives()
        try listener.listen(backlog: 1)
        role.tell("listening")
        try role.wait(for: "given up")
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.socket(.stream)
        try connection.set(.synCount, 1)
        try connection.set(.userTimeout, 1100)
        role.trying { () throws(SocketError) in try connection.connect(to: role.server) }
        role.tell("given up")
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let call = try seen.failure(.client, .connect, "ETIMEDOUT")
        let syns = try seen.packets("the SYN and its repetition", atLeast: 2) { $0.isSYN && seen.isToServer($0) }
        guard case .unanswered(let numbers, late: nil) = try seen.cause(of: call), numbers == syns.map(\.number) else {
            throw NotSeen("something answered")
        }
        return .shown(
            """
            No answer came to the SYN in packet \(syns[0].number) nor to its repetition in \
            \(seen.list(syns.dropFirst())), and from this silence alone connect() concluded ETIMEDOUT after \
            \(call.duration.inWords). (A filter on the server's socket throws away what arrives, as a firewall that \
            drops does. TCP_SYNCNT and TCP_USER_TIMEOUT shorten the wait: without them it takes more than a minute.)
            """)
    }
}
