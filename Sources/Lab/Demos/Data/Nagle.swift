import Addressing
import Sockets

/// Two small writes, then a read: Nagle's algorithm (RFC 1122 section 4.2.3.4) against delayed ACKs (section 4.2.3.2).
struct Nagle: Demo {
    let name = "nagle"
    let group = DemoGroup.data
    let summary = "send, send, recv: Nagle's algorithm waits for a delayed ACK; TCP_NODELAY does not"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        // A request is 5 bytes, its answer 2.
        for _ in 0..<4 {
            var request = 0
            while request < 5 { request += try client.socket.recv(1024).count }
            try client.socket.sendAll(Array("ok".utf8))
        }
        _ = try client.socket.recv(1024)
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        // Twice a request in one piece: from then on the server's system delays its ACKs, hoping for an answer to send
        // along.
        for _ in 0..<2 {
            try connection.sendAll(Array("hello".utf8))
            _ = try connection.recv(1024)
        }
        for noDelay in [false, true] {
            if noDelay { try connection.set(.noDelay, true) }
            try connection.sendAll(Array("h".utf8))
            try connection.sendAll(Array("ello".utf8))
            _ = try connection.recv(1024)
        }
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let second = seen.calls(.client, .send).filter { $0.value == 4 }
        let bodies = try seen.packets("the four bytes of each second send()", atLeast: 2) {
            $0.payload == 4 && seen.isToServer($0)
        }
        try seen.require(second.count == 2, "there were not two requests in two pieces")
        let held = seen.delay(second[0], bodies[0])
        let free = seen.delay(second[1], bodies[1])
        let head = try seen.packet("the one byte before") { $0.payload == 1 && seen.isToServer($0) }
        let ack = try seen.packet("its delayed ACK", after: head) { $0.isBareACK && seen.isFromServer($0) }
        try seen.require(
            ack.number < bodies[0].number && held > .milliseconds(5) && held > free * 3,
            "the second send() was not held back")
        return .shown(
            """
            The 4 bytes of the second send() left in packet \(bodies[0].number), \(held.inWords) after the call, only \
            when packet \(ack.number) had acknowledged the 1 byte of packet \(head.number): Nagle's algorithm sends no \
            small segment while one is unacknowledged, and the server delayed that ACK, having nothing to answer yet. \
            With TCP_NODELAY they left after \(free.inWords) (packet \(bodies[1].number)). Better still: one send() \
            for the whole request.
            """)
    }
}
