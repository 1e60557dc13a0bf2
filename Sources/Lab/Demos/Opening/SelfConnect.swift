import Sockets

/// A socket that is connected to itself: TCP's simultaneous open (RFC 9293 section 3.5, figure 7).
struct SelfConnect: Demo {
    let name = "self-connect"
    let group = DemoGroup.opening
    let summary = "a client without any server is connected: to itself"
    /// Both ends are one socket.
    let leavesConnectionsOpen = true
    let needsOneHost: String? = "both ends of its connection are one socket"

    func client(_ role: Role) throws(SocketError) {
        let connection = try role.socket(.stream)
        try connection.bind(to: role.server)
        try connection.connect(to: role.server)
        try connection.sendAll(role.message)
        role.keep([try connection.recv(1024)])
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        _ = try seen.success(.client, .connect)
        let syn = try seen.packet("a SYN from a port to itself") { $0.isSYN && $0.source == $0.destination }
        let data = try seen.packet("the data", after: syn) { $0.payload > 0 && $0.source == $0.destination }
        let receipt = try seen.receipt(.client, .recv, of: seen.settings.message.count)
        return .shown(
            """
            The SYN in packet \(syn.number) went from port \(seen.server.port) to the same port and met a socket that \
            was itself connecting, so connect() succeeded with nobody listening (simultaneous open), and recv() gave \
            back the \(receipt.received ?? 0) bytes that the same socket had sent in packet \(data.number). It happens \
            by chance to clients that try a local port again and again: the system may choose that very port for them.
            """)
    }
}
