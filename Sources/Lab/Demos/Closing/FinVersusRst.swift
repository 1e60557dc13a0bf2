import Sockets
import Timeline

/// The same close(), once with everything read, once not.
struct FinVersusRst: Demo {
    let name = "fin-vs-rst"
    let group = DemoGroup.closing
    let summary = "close() sends FIN when all was read, RST when not: recv() gives 0, or ECONNRESET and then EPIPE"

    func server(_ role: Role) throws(SocketError) {
        let listener = try role.listen()  // socket, bind, listen
        let polite = try listener.accept()
        _ = try polite.socket.recv(1024)
        try polite.socket.close()
        let rude = try listener.accept()
        try role.wait(for: "sent")
        try rude.socket.close()
        try listener.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "listening")
        let first = try role.connect()  // socket, connect
        try first.sendAll(role.message)
        _ = try first.recv(1024)
        try first.close()
        let second = try role.connect()  // socket, connect
        try second.sendAll(role.message)
        role.tell("sent")
        role.trying { () throws(SocketError) in _ = try second.recv(1024) }
        role.trying { () throws(SocketError) in try second.sendAll(role.message) }
        try second.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let fin = try seen.packet("the server's FIN") { $0.isFIN && seen.isFromServer($0) }
        _ = try seen.receipt(.client, .recv, of: 0)
        let failed = try seen.failure(.client, .recv, "ECONNRESET")
        let piped = try seen.failure(.client, .send, "EPIPE")
        guard case .reset(let rst) = try seen.cause(of: failed), case .unread = rst.reason,
            case .reset(let same) = try seen.cause(of: piped),
            same.packet == rst.packet
        else { throw NotSeen("the RST because of unread data was not captured") }
        return .shown(
            """
            The first close() had nothing left to read and sent the FIN in packet \(fin.number): the client's recv() \
            gave 0, an orderly end; the second close() left unread bytes and sent the RST in packet \(rst.packet): \
            recv() failed with ECONNRESET, and the send() after it with EPIPE, which sent no packet.
            """)
    }
}
