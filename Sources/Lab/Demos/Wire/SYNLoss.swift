import Addressing
import Sockets

/// The first SYNs are lost: connect() takes as long as the timer's doublings.
struct SYNLoss: Demo {
    let name = "syn-loss"
    let group = DemoGroup.wire
    let summary = "lost SYNs are repeated after 1, 3 and 7 s, and connect() waits (takes 7 s)"

    var wire: Impairments? {
        var wire = Impairments()
        (wire.up.delay, wire.down.delay) = (.milliseconds(20), .milliseconds(20))
        wire.script = [ScriptedEvent(.drop, .up, .syn, [1...3])]
        return wire
    }

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        _ = try client.socket.recv(1024)
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let lost = try seen.lost { $0.isSYN && seen.isToServer($0) }
        guard let last = lost.last else { throw NotSeen("no SYN was lost") }
        let syns = try seen.packets("the SYN and its repetitions", atLeast: lost.count + 1) {
            $0.isSYN && seen.isToServer($0)
        }
        let arrived = try seen.packet("a SYN that arrived", after: last) { $0.isSYN && seen.isToServer($0) }
        let answer = try seen.packet("the SYN-ACK", after: arrived) { $0.isSYNACK && seen.isFromServer($0) }
        let connect = try seen.success(.client, .connect)
        let times = syns.dropFirst().map { seen.gap(syns[0], $0) }
        return .shown(
            """
            \(seen.list(lost).capitalizedFirst) with the SYN \(lost.count == 1 ? "was" : "were") lost, and nothing \
            tells the sender: it repeated the SYN \(times.joined(separator: ", ")) after the first one, waiting twice \
            as long each time (RFC 6298). Packet \(arrived.number) arrived, packet \(answer.number) answered it, and \
            connect(), which knew of nothing, took \(connect.duration.inWords).
            """)
    }
}
