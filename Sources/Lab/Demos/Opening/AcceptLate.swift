import Sockets

/// accept() is called long after connect() has returned.
struct AcceptLate: Demo {
    let name = "accept-late"
    let group = DemoGroup.opening
    let summary = "the handshake is the system's: connect() and even send() are done before accept() is called"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        try role.wait(for: "sent")
        role.sleep(.milliseconds(20))
        let client = try listener.accept()
        _ = try client.socket.recv(1024)
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        try connection.sendAll(role.message)
        role.tell("sent")
        _ = try connection.recv(1024)
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let connect = try seen.success(.client, .connect)
        let accept = try seen.success(.server, .accept)
        let syn = try seen.packet("the SYN") { $0.isSYN }
        let ack = try seen.packet("the ACK that ends the handshake", after: syn) { $0.isBareACK && seen.isToServer($0) }
        let data = try seen.packet("the data", after: ack) { $0.payload > 0 && seen.isToServer($0) }
        let answer = try seen.packet("the data's ACK", after: data) { $0.isBareACK && seen.isFromServer($0) }
        try seen.require(
            seen.isBefore(answer, accept) && connect.finish.map { $0 < accept.start } ?? false,
            "accept() was not the later one")
        return .shown(
            """
            The handshake was over with packet \(ack.number) and the data of packet \(data.number) acknowledged by \
            packet \(answer.number) before accept() was called, \(seen.wait(connect, accept)) after connect() had \
            returned: the system does both by itself, accept() only hands out a connection that is already there.
            """)
    }
}
