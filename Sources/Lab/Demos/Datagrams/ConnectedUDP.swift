import Sockets
import Timeline

/// A UDP socket that is connected takes datagrams of its peer alone.
struct ConnectedUDP: Demo {
    let name = "connected-udp"
    let group = DemoGroup.datagrams
    let summary = "connect() on UDP sends nothing, but strangers' datagrams are not delivered any more"

    func server(_ role: Role) throws(SocketError) {
        let server = try role.bindDatagrams()  // socket, bind
        let (_, peer) = try server.recvfrom(1024)
        if let peer { try server.connect(to: peer) }
        role.tell("connected")
        try role.wait(for: "the stranger has sent")
        _ = try server.recv(1024)
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        let client = try role.socket(.datagram)
        try client.sendto(Array("hello".utf8).span, role.server)
        try role.wait(for: "connected")
        let stranger = try role.socket(.datagram)
        try stranger.connect(to: role.server)
        try stranger.set(.receiveTimeout, .seconds(1))
        _ = try stranger.send(Array("and me?".utf8).span)
        role.trying { () throws(SocketError) in _ = try stranger.recv(1024) }
        try client.sendto(Array("hello again".utf8).span, role.server)
        role.tell("the stranger has sent")
        try client.close()
        try stranger.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let connect = try seen.success(.server, .connect)
        let strange = try seen.packet("the stranger's datagram") { $0.isUDP && seen.isToServer($0) && $0.payload == 7 }
        let later = try seen.packet("the peer's next datagram") { $0.isUDP && seen.isToServer($0) && $0.payload == 11 }
        _ = try seen.receipt(.server, .recv, of: 11)
        let failed = try seen.failure(.client, .recv, "ECONNREFUSED")
        guard case .icmp(let icmp, strange.number?) = try seen.cause(of: failed) else {
            throw NotSeen("no ICMP error about the stranger's datagram was captured")
        }
        let silent = !seen.packets.contains { seen.isWithin($0, connect) }
        try seen.require(silent, "connect() sent a packet")
        return .shown(
            """
            connect() of the server's UDP socket sent no packet, but from then on it took datagrams of its peer alone: \
            the stranger's in packet \(strange.number) got the ICMP error in packet \(icmp.packet) (\(icmp.reason)), \
            hence ECONNREFUSED there, and recv() gave the peer's 11 bytes of packet \(later.number).
            """)
    }
}
