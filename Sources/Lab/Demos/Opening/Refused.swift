import Sockets

/// connect() where nobody listens.
struct Refused: Demo {
    let name = "refused"
    let group = DemoGroup.opening
    let summary = "connect() to a port on which nobody listens: RST, ECONNREFUSED"

    func client(_ role: Role) throws(SocketError) {
        let connection = try role.socket(.stream)
        role.trying { () throws(SocketError) in try connection.connect(to: role.server) }
        try connection.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let call = try seen.failure(.client, .connect, "ECONNREFUSED")
        let syn = try seen.packet("the SYN") { $0.isSYN && seen.isToServer($0) }
        let rst = try seen.packet("the RST that answers it", after: syn) { $0.isRST && seen.isFromServer($0) }
        return .shown("""
            The RST in packet \(rst.number), the answer to the SYN in packet \(syn.number), made connect() fail with ECONNREFUSED after \
            \(call.duration.inWords): the machine is there, but nothing listens on port \(seen.server.port).
            """)
    }
}
