import Addressing
import Sockets

/// A packet is overtaken: UDP hands out what comes as it comes, TCP waits for what is missing.
struct Reorder: Demo {
    let name = "reorder"
    let group = DemoGroup.wire
    let summary = "a packet is overtaken: UDP gives the later one first, TCP puts them in order"

    var wire: Impairments? {
        var wire = Impairments()
        (wire.up.delay, wire.down.delay) = (.milliseconds(20), .milliseconds(20))
        wire.script = [
            ScriptedEvent(.hold(.milliseconds(30)), .up, .datagram, [1...1]),
            ScriptedEvent(.hold(.milliseconds(30)), .up, .data, [1...1]),
        ]
        return wire
    }

    private static let first = Array("first".utf8), second = Array("second".utf8)

    func server(_ role: Role) throws(SocketError) {
        let datagrams = try role.socket(.datagram)
        try datagrams.bind(to: role.server)
        try datagrams.set(.receiveTimeout, .seconds(5))
        let listener = try role.socket(.stream)
        try listener.bind(to: role.server)
        try listener.listen(backlog: 1)
        role.tell("ready")
        role.keep([try datagrams.recvfrom(1024).bytes])
        role.keep([try datagrams.recvfrom(1024).bytes])
        let client = try listener.accept()
        role.keep([try client.socket.recvToEnd()])
        try client.socket.close()
        try listener.close()
        try datagrams.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "ready")
        let datagrams = try role.socket(.datagram)
        try datagrams.sendto(Self.first.span, role.server)
        try datagrams.sendto(Self.second.span, role.server)
        let connection = try role.socket(.stream)
        try connection.set(.noDelay, true)
        try connection.connect(to: role.server)
        try connection.sendAll(Self.first)
        try connection.sendAll(Self.second)
        try connection.close()
        try datagrams.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let datagrams = try seen.packets("two datagrams", atLeast: 2) { $0.isUDP && seen.isToServer($0) }
        let segments = try seen.packets("two segments with data", atLeast: 2) {
            $0.isTCP && $0.payload > 0 && seen.isToServer($0)
        }
        let overtaken = (
            datagrams: try seen.overtook(datagrams[1], datagrams[0]),
            segments: try seen.overtook(segments[1], segments[0])
        )
        try seen.require(overtaken.datagrams, "the second datagram did not overtake the first")
        try seen.require(overtaken.segments, "the second segment did not overtake the first")
        if seen.answers.count == 3, seen.answers[2] != Self.first + Self.second {
            return .no("the stream is not in order")
        }
        try seen.require(
            seen.answers.count == 3 && seen.answers[0] == Self.second && seen.answers[1] == Self.first,
            "recvfrom() gave the datagrams in order")
        return .shown(
            """
            Packet \(datagrams[1].number) overtook packet \(datagrams[0].number) on the way, and recvfrom() gave \
            "second" before "first": UDP knows no order. Packet \(segments[1].number) overtook packet \
            \(segments[0].number) just so, but its sequence number said that something was missing before it: the \
            server's system kept it until packet \(segments[0].number) had come, and recv() gave "firstsecond".
            """)
    }
}
