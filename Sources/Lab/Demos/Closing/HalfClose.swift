import Sockets

/// Each direction of a connection ends alone.
struct HalfClose: Demo {
    let name = "half-close"
    let group = DemoGroup.closing
    let summary = "shutdown(SHUT_WR): one direction ends, the answer still comes over the other"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let client = try listener.accept()
        let request = try client.socket.recvToEnd()
        try client.socket.sendAll(Array("\(request.count) bytes until your end".utf8))
        try client.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        try connection.sendAll(role.message)
        try connection.shutdown(.sending)
        while try !connection.recv(1024).isEmpty {}
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let fin = try seen.packet("the client's FIN") { $0.isFIN && seen.isToServer($0) }
        let end = try seen.receipt(.server, .recv, of: 0)
        let answer = try seen.packet("the answer after it", after: fin) { $0.payload > 0 && seen.isFromServer($0) }
        let last = try seen.packet("the server's FIN") { $0.isFIN && seen.isFromServer($0) }
        let send = try seen.success(.server, .send)
        try seen.require(
            send.id > end.id && last.number >= answer.number, "the answer was not sent after the end of the request")
        return .shown(
            """
            shutdown(SHUT_WR) sent the FIN in packet \(fin.number), which made the server's recv() give 0, and still \
            \(answer.payload) bytes came back in packet \(answer.number): only the client's direction had ended, the \
            server's ended with its own FIN in packet \(last.number).
            """)
    }
}
