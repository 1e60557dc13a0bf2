import Sockets

/// TCP keeps bytes in order, not messages apart.
struct ByteStream: Demo {
    let name = "byte-stream"
    let group = DemoGroup.data
    let summary = "two sends, one recv; one send, many recvs: TCP knows no messages"
    let showsRuler = true

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        try role.wait(for: "sent twice")
        _ = try client.socket.recv(1024)
        role.tell("received once")
        while try !client.socket.recv(5).isEmpty {}
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.socket(.stream)
        try connection.set(.noDelay, true)
        try connection.connect(to: role.server)
        try connection.sendAll(Array("Hello, ".utf8))
        try connection.sendAll(Array("world".utf8))
        role.tell("sent twice")
        try role.wait(for: "received once")
        try connection.sendAll(Array("one, two, three".utf8))
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        _ = try seen.receipt(.server, .recv, of: 12)
        let data = try seen.packets("the data of three send() calls", atLeast: 3) {
            $0.payload > 0 && seen.isToServer($0)
        }
        try seen.require(data[0].payload == 7 && data[1].payload == 5, "two send() calls did not leave as two segments")
        let small = seen.calls(.server, .recv).filter { $0.received == 5 }
        try seen.require(small.count == 3, "the 15 bytes were not taken with three recv(5)")
        return .shown(
            """
            Two send() calls (7 bytes in packet \(data[0].number), 5 in packet \(data[1].number)) came out of one \
            recv() as 12 bytes, and the 15 bytes of one send() in packet \(data[2].number) took three recv(5): TCP \
            carries a stream of bytes, where a message ends is for the programs to agree on (a length, a line end, a \
            fixed size).
            """)
    }
}
