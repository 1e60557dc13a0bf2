import Sockets

/// The receiver does not read.
struct ZeroWindow: Demo {
    let name = "zero-window"
    let group = DemoGroup.data
    let summary = "the peer does not read: its window closes, send() blocks, probes ask, recv() opens it again"

    private static let size = 60_000

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.socket(.stream)
        try listener.set(.receiveBuffer, 4096)
        try listener.bind(to: role.server)
        try listener.listen(backlog: 1)
        role.tell("listening")
        let client = try listener.accept()
        try role.wait(until: .client, isIn: .send)
        role.sleep(.milliseconds(500))
        while try !client.socket.recv(65_536).isEmpty {}
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.socket(.stream)
        try connection.set(.sendBuffer, 8192)
        try connection.connect(to: role.server)
        try connection.sendAll(Array(repeating: UInt8(ascii: "x"), count: Self.size))
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let send = try seen.success(.client, .send)
        let closed = try seen.packet("an ACK with window 0") { seen.isFromServer($0) && !$0.isRST && $0.window == 0 }
        let probe = try seen.packet("a window probe", after: closed) {
            seen.isToServer($0) && $0.flags == .ack && $0.payload <= 1
        }
        let opened = try seen.packet("an ACK that opens the window again", after: probe) {
            seen.isFromServer($0) && $0.window > 0
        }
        let read = try seen.success(.server, .recv)
        try seen.require(seen.isBefore(probe, read), "there was no probe before recv()")
        try seen.require(seen.isWithin(closed, send) && seen.isWithin(probe, send), "send() did not block")
        return .shown(
            """
            With packet \(closed.number) the server said window 0, because nobody called recv(), and send() blocked; \
            packet \(probe.number) is a probe that asks whether there is room by now, and only after recv() packet \
            \(opened.number) opened the window again, so that send() returned after \(send.duration.inWords).
            """)
    }
}
