import Addressing
import Sockets

/// One datagram to everybody.
struct Broadcast: Demo {
    let name = "broadcast"
    let group = DemoGroup.datagrams
    let summary = "a broadcast needs SO_BROADCAST (EACCES), and everybody who is bound gets it"
    let notOverIPv6: String? = "IPv6 has no broadcast, only multicast (RFC 4291 section 2)"

    func server(_ role: Role) throws(SocketError) {
        let all = Endpoint(.v4(.any), role.server.port)
        let first = try role.socket(.datagram)
        let second = try role.socket(.datagram)
        try first.set(.reuseAddress, true)
        try first.bind(to: all)
        try second.set(.reuseAddress, true)
        try second.bind(to: all)
        role.tell("bound")
        _ = try first.recvfrom(1024)
        _ = try second.recvfrom(1024)
        try first.close()
        try second.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        let target = Endpoint(.v4(role.settings.network.broadcast), role.server.port)
        let client = try role.socket(.datagram)
        role.trying { () throws(SocketError) in try client.sendto(role.message.span, target) }
        try client.set(.broadcast, true)
        try client.sendto(role.message.span, target)
        try client.close()
    }

    /// A function of its own: inlined into `verdict` it crashes Swift 6.3.1's optimizer.
    @inline(never)
    private static func isBroadcast(_ packet: SeenPacket, _ everybody: IPAddress) -> Bool {
        packet.isUDP && packet.destination?.address == everybody
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let everybody = IPAddress.v4(seen.settings.network.broadcast)
        _ = try seen.failure(.client, .sendto, "EACCES")
        let datagrams = try seen.packets("the broadcast", atLeast: 1) { Self.isBroadcast($0, everybody) }
        let (packet, size) = (datagrams[0].number, datagrams[0].payload)
        let receipts = seen.calls(.server, .recvfrom).filter { $0.received == size }
        try seen.require(receipts.count == 2, "\(receipts.count) of 2 sockets received it")
        try seen.require(datagrams.count == 1, "\(datagrams.count) datagrams were sent")
        return .shown(
            """
            Without SO_BROADCAST sendto() failed with EACCES and no packet left; with it the one datagram in packet \
            \(packet), to \(everybody), reached both sockets that are bound to 0.0.0.0 and its port. (Routers do not \
            pass broadcasts on, and IPv6 has only multicast.)
            """)
    }
}
