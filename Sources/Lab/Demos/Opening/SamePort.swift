import Addressing
import Sockets

/// Two connections, one port.
struct SamePort: Demo {
    let name = "same-port"
    let group = DemoGroup.opening
    let summary = "accepted sockets have the listener's port: the four-tuple tells them apart"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen(backlog: 2)  // socket, bind, listen
        let first = try listener.accept()
        let second = try listener.accept()
        _ = try first.socket.localEndpoint()
        _ = try second.socket.localEndpoint()
        _ = try first.socket.recv(1024)
        _ = try second.socket.recv(1024)
        try first.socket.close()
        try second.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let first = try role.connect()  // socket, connect
        let second = try role.connect()  // socket, connect
        try first.sendAll(Array("one".utf8))
        try second.sendAll(Array("two".utf8))
        try first.close()
        try second.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let names = seen.calls(.server, .getsockname).filter { $0.local == seen.server }
        try seen.require(names.count == 2, "\(names.count) of 2 accepted sockets have the listener's address and port")
        let data = try seen.packets("data of both clients", atLeast: 2) { $0.payload > 0 && seen.isToServer($0) }
        guard let one = data[0].source, let other = data[1].source, one != other else {
            throw NotSeen("the clients were not two")
        }
        return .shown(
            """
            Sockets \(seen.descriptors(names)) came out of accept() with the listener's own \(seen.server), no new \
            port: packets \(data[0].number) and \(data[1].number) go to the same port and differ only in where they \
            come from, \(one.port) and \(other.port), and by these four numbers (two addresses, two ports) the system \
            finds the socket.
            """)
    }
}
