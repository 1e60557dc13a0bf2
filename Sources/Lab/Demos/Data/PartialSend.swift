import Sockets

/// send() takes less than it is given.
struct PartialSend: Demo {
    let name = "partial-send"
    let group = DemoGroup.data
    let summary = "send() takes less than it was given: the rest is the program's to send"

    private static let size = 200_000

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.socket(.stream)
        try listener.set(.receiveBuffer, 4096)
        try listener.bind(to: role.server)
        try listener.listen(backlog: 1)
        role.tell("listening")
        let client = try listener.accept()
        try role.wait(for: "sent")
        while try !client.socket.recv(65_536).isEmpty {}
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.socket(.stream)
        try connection.set(.sendBuffer, 8192)
        try connection.connect(to: role.server)
        _ = try connection.send(Array(repeating: UInt8(ascii: "x"), count: Self.size).span, .dontWait)
        role.tell("sent")
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let send = try seen.success(.client, .send)
        guard let taken = send.value, taken < Self.size else { throw NotSeen("send() took everything") }
        let data = try seen.packets("the data", atLeast: 1) { $0.payload > 0 && seen.isToServer($0) }
        let arrived = seen.calls(.server, .recv).reduce(0) { $0 + ($1.received ?? 0) }
        try seen.require(arrived == taken, "\(arrived) bytes arrived of \(taken) that were taken")
        return .shown(
            """
            send() was given \(Self.size) bytes and took \(taken), what its own buffer and the peer's had room for, \
            and exactly these arrived (\(seen.list(data))): no error tells of the rest, only the return value does. \
            sendall() and a blocking send() go on until all is taken; with MSG_DONTWAIT, as here, or a non-blocking \
            socket the program must.
            """)
    }
}
