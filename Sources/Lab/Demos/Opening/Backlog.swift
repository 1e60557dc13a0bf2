import Sockets

/// More clients than the listener's queue holds.
struct Backlog: Demo {
    let name = "backlog"
    let group = DemoGroup.opening
    let summary = "listen(1) and three clients: the full queue drops a SYN, which is repeated a second later"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        try role.wait(for: "two are connected")
        try role.wait(until: .client, isIn: .connect)
        role.sleep(.milliseconds(50))
        for _ in 0..<3 { try listener.accept().socket.close() }
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let first = try role.connect()  // socket, connect
        let second = try role.connect()  // socket, connect
        let third = try role.socket(.stream)
        role.tell("two are connected")
        try third.connect(to: role.server)
        try first.close()
        try second.close()
        try third.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let syns = try seen.packets("SYNs of three clients, one of them repeated", atLeast: 4) {
            $0.isSYN && seen.isToServer($0)
        }
        guard let repeated = syns.last,
            let dropped = syns.first(where: { $0.source == repeated.source && $0.number < repeated.number })
        else {
            throw NotSeen("no SYN was repeated")
        }
        let answer = try seen.packet("the SYN-ACK that answers the repetition", after: repeated) {
            $0.isSYNACK && $0.destination == repeated.source
        }
        let call = try seen.success(.client, .connect) { $0.local == dropped.source }
        let accept = try seen.success(.server, .accept)
        let early = seen.calls(.client, .connect).filter {
            $0.succeeded && ($0.finish.map { $0 < accept.start } ?? false)
        }.count
        try seen.require(early == 2, "\(early) connections were complete before the first accept(), not 2")
        return .shown(
            """
            listen(1) let two clients connect before anybody called accept(); the SYN in packet \(dropped.number) \
            found the queue full and was dropped without an answer, and only its repetition in packet \
            \(repeated.number), \(seen.gap(dropped, repeated)) later, when accept() had made room, got the SYN-ACK in \
            packet \(answer.number): that connect() took \(call.duration.inWords).
            """)
    }
}
