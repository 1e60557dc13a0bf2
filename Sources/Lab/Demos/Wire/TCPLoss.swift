import Addressing
import Sockets

/// A segment is lost; TCP notices, sends it again, and the program sees nothing of it but time.
struct TCPLoss: Demo {
    let name = "tcp-loss"
    let group = DemoGroup.wire
    let summary = "a lost segment is sent again, and recv() gives every byte in order"

    var wire: Impairments? {
        var wire = Impairments()
        (wire.up.delay, wire.down.delay) = (.milliseconds(20), .milliseconds(20))
        wire.script = [ScriptedEvent(.drop, .up, .data, [3...3])]
        return wire
    }

    private static let size = 14_000
    /// Bytes that tell their place.
    private static let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 256 &+ $0) }

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        role.keep([try client.socket.recvToEnd(65_536)])
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        try connection.sendAll(Self.content)
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let lost = try seen.lost { $0.payload > 0 && seen.isToServer($0) }
        guard let first = lost.first else { throw NotSeen("no segment with data was lost") }
        let again = try seen.repetition(of: first)
        let repeated = seen.answers.first == Self.content
        if !repeated { return .no("what arrived is not what was sent") }
        let acks = try seen.repeatedACKs(between: first, and: again)
        let why =
            acks.isEmpty
            ? "nobody asked for it, and when a timer had run out"
            : """
            \(acks.count) \(acks.count == 1 ? "ACK" : "ACKs") (\(seen.list(acks))) asked again for the byte where it \
            began, and so
            """
        return .shown(
            """
            Packet \(first.number) was lost on the way\(lost.count > 1 ? " (as were \(lost.count - 1) others)" : ""); \
            \(why) packet \(again.number) sent the same \(first.payload) bytes again, \(seen.gap(first, again)) later. \
            The programs were told nothing: recv() gave all \(Self.size) bytes, in order, and what had arrived behind \
            the gap waited in the server's system until it was filled.
            """)
    }
}
