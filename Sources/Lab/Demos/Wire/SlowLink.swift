import Addressing
import Sockets

/// On a long way the window, not the link, says how fast it goes: a window each round trip.
struct SlowLink: Demo {
    let name = "slow-link"
    let group = DemoGroup.wire
    let summary = "a small window on a long way: one window each round trip, however fast the link"
    let furtherPorts = 1

    var wire: Impairments? {
        var wire = Impairments()
        (wire.up.delay, wire.down.delay) = (.milliseconds(50), .milliseconds(50))
        (wire.up.rate, wire.down.rate) = (10_000_000, 10_000_000)
        return wire
    }

    private static let size = 80_000

    func server(_ role: Role) throws(SocketError) {
        let small = try role.socket(.stream)
        let usual = try role.socket(.stream)
        // Before listen(): accepted sockets inherit it, and the handshake announces it.
        try small.set(.receiveBuffer, 8192)
        try small.bind(to: role.server)
        try small.listen(backlog: 1)
        try usual.bind(to: Self.second(role.server))
        try usual.listen(backlog: 1)
        role.tell("listening")
        let first = try small.accept()
        while try !first.socket.recv(65_536).isEmpty {}
        try first.socket.close()
        let second = try usual.accept()
        while try !second.socket.recv(65_536).isEmpty {}
        try second.socket.close()
        try small.close()
        try usual.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        for place in [role.server, Self.second(role.server)] {
            let connection = try role.socket(.stream)
            try connection.connect(to: place)
            try connection.sendAll([UInt8](repeating: UInt8(ascii: "x"), count: Self.size))
            try connection.shutdown(.sending)
            // The server closes when it has everything.
            while try !connection.recv(1024).isEmpty {}
            try connection.close()
        }
    }

    private static func second(_ server: Endpoint) -> Endpoint {
        Endpoint(server.address, Port(server.port.rawValue &+ 1))
    }

    /// What one transfer was like.
    private struct Transfer {
        let syn: SeenPacket
        let window: Int
        let roundTrip: Duration
        let time: Duration
        let first: SeenPacket
        let last: SeenPacket

        var bytesPerSecond: Double { Double(SlowLink.size) / max(time.inSeconds, 1e-6) }
        var limit: Double { Double(window) / max(roundTrip.inSeconds, 1e-6) }
    }

    private static func transfer(_ seen: Evidence, to place: Endpoint) throws(NotSeen) -> Transfer {
        let syn = try seen.packet("the SYN to \(place)") { $0.isSYN && $0.destination == place }
        let data = try seen.packets("data to \(place)", atLeast: 2) { $0.payload > 0 && $0.destination == place }
        let answer = try seen.packet("the SYN-ACK of \(place)", after: syn) { $0.isSYNACK && $0.source == place }
        guard let arrived = try seen.arrivals(of: answer).first else {
            throw NotSeen("the SYN-ACK of \(place) did not arrive")
        }
        let acks = try seen.packets("ACKs of \(place)", atLeast: 1) {
            $0.source == place && !$0.isSYNACK && $0.flags.contains(.ack)
        }
        // The SYN-ACK's window is never scaled, the others are (RFC 7323 section 2.2).
        let scale = answer.windowScale ?? 0
        let window = acks.map { Int($0.window) << Int(scale) }.max() ?? 0
        let last = data[data.count - 1]
        let end = try seen.arrivals(of: last).first ?? last
        return Transfer(
            syn: syn, window: max(window, Int(answer.window)), roundTrip: seen.time(syn, arrived),
            time: seen.time(data[0], end), first: data[0], last: last)
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let small = try Self.transfer(seen, to: seen.server)
        let usual = try Self.transfer(seen, to: Self.second(seen.server))
        try seen.require(small.window < usual.window, "the second window is not the larger one")
        try seen.require(usual.time < small.time, "the larger window was not faster")
        return .shown(
            """
            A round trip takes \(small.roundTrip.inWords) here. The first server's window was \(small.window) bytes at \
            most (SO_RCVBUF), and a sender may have no more than that under way: at most \(Self.rate(small.limit)), \
            and the \(Self.size) bytes of packets \(small.first.number) to \(small.last.number) took \
            \(small.time.inWords), \(Self.rate(small.bytesPerSecond)). The second one, with the usual buffer, \
            announced up to \(usual.window) bytes: the same \(Self.size) bytes (packets \(usual.first.number) to \
            \(usual.last.number)) took \(usual.time.inWords), \(Self.rate(usual.bytesPerSecond)), over the same wire. \
            What can be under way is rate times round trip.
            """)
    }

    private static func rate(_ bytesPerSecond: Double) -> String { "\(Int(bytesPerSecond / 1000)) kB/s" }
}
