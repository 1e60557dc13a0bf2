import Sockets
import Timeline

/// A server that closed first cannot start again.
struct TimeWait: Demo {
    let name = "time-wait"
    let group = DemoGroup.closing
    let summary = "a server that closed first cannot bind its port again: EADDRINUSE, unless SO_REUSEADDR is set"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.socket(.stream)
        // Here already: Linux lets a port be had again only if both the old socket and the new one set it.
        try listener.set(.reuseAddress, true)
        try listener.bind(to: role.server)
        try listener.listen(backlog: 1)
        role.tell("listening")
        let client = try listener.accept()
        try client.socket.close()
        try listener.close()
        try role.wait(for: "closed")
        role.sleep(.milliseconds(10))
        let again = try role.socket(.stream)
        role.trying { () throws(SocketError) in try again.bind(to: role.server) }
        try again.set(.reuseAddress, true)
        try again.bind(to: role.server)
        try again.listen(backlog: 1)
        try again.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let connection = try role.connect()  // socket, connect
        _ = try connection.recv(1024)
        try connection.close()
        role.tell("closed")
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let refused = try seen.failure(.server, .bind, "EADDRINUSE")
        guard case .addressTaken(.timeWait(_, _, let number)) = try seen.cause(of: refused) else {
            throw NotSeen("no connection was in TIME-WAIT")
        }
        let fin = try seen.packet("the server's FIN") { $0.number == number && seen.isFromServer($0) }
        let other = try seen.packet("the client's FIN after it", after: fin) { $0.isFIN && seen.isToServer($0) }
        let allowed = try seen.success(.server, .bind) { $0.id > refused.id }
        try seen.require(seen.isBefore(other, refused), "the connection was not over before the second bind()")
        return .shown(
            """
            The server's FIN in packet \(fin.number) came before the client's in packet \(other.number), so the \
            server's end stays in TIME-WAIT for a minute, and this state, no packet, made the second bind() fail with \
            EADDRINUSE; with SO_REUSEADDR, which the first server had set too, bind() on descriptor \
            \(allowed.descriptor ?? 0) succeeded: nobody listens there, and the old connection's late segments cannot \
            be mistaken.
            """)
    }
}
