import Sockets
import Timeline

/// Two ways to end a connection with RST.
struct Reset: Demo {
    let name = "reset"
    let group = DemoGroup.closing
    let summary = "close() with unread data, and SO_LINGER 0: RST, ECONNRESET"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let unread = try listener.accept()
        try role.wait(for: "sent")
        try unread.socket.close()
        let lingering = try listener.accept()
        // On a busy machine the RST could else come before the client's connect() has returned, and fail that.
        try role.wait(for: "connected")
        try lingering.socket.set(.linger, Linger(seconds: 0))
        try lingering.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let first = try role.connect()  // socket, connect
        try first.sendAll(role.message)
        role.tell("sent")
        role.trying { () throws(SocketError) in _ = try first.recv(1024) }
        try first.close()
        let second = try role.connect()  // socket, connect
        role.tell("connected")
        role.trying { () throws(SocketError) in _ = try second.recv(1024) }
        try second.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let data = try seen.packet("the data that nobody read") { $0.payload > 0 && seen.isToServer($0) }
        let failures = seen.calls(.client, .recv).filter { $0.errno == "ECONNRESET" }
        try seen.require(failures.count == 2, "\(failures.count) of 2 recv() calls failed with ECONNRESET")
        guard case .reset(let unread) = try seen.cause(of: failures[0]), case .unread(let bytes) = unread.reason else {
            throw NotSeen("no RST because of unread data was captured")
        }
        guard case .reset(let linger) = try seen.cause(of: failures[1]), linger.reason == .linger else {
            throw NotSeen("no RST because of SO_LINGER was captured")
        }
        try seen.require(data.number < unread.packet, "the first RST came before the data")
        return .shown(
            """
            The RST in packet \(unread.packet) was sent because close() found the \(bytes) bytes of packet \
            \(data.number) unread, the one in packet \(linger.packet) because SO_LINGER with 0 seconds asked for it; \
            each made the client's recv() fail with ECONNRESET, and neither end is left in TIME-WAIT.
            """)
    }
}
