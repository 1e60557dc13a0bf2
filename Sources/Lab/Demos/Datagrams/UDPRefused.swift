import Sockets
import Timeline

/// UDP to a port that nobody uses.
struct UDPRefused: Demo {
    let name = "udp-refused"
    let group = DemoGroup.datagrams
    let summary = "a datagram to a port that nobody uses: send() succeeds, ICMP comes back, the second call fails"

    func client(_ role: Role) throws(SocketError) {
        let client = try role.socket(.datagram)
        try client.connect(to: role.server)
        _ = try client.send(role.message.span)
        role.sleep(.milliseconds(10))
        role.trying { () throws(SocketError) in _ = try client.send(role.message.span) }
        try client.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let sent = try seen.success(.client, .send)
        let failed = try seen.failure(.client, .send, "ECONNREFUSED")
        guard case .icmp(let icmp, let datagram?) = try seen.cause(of: failed) else {
            throw NotSeen("no ICMP error about the first datagram was captured")
        }
        try seen.require(sent.id < failed.id, "the second send() was not the one that failed")
        return .shown(
            """
            The first send() succeeded, for packet \(datagram) had left; the ICMP error in packet \(icmp.packet) \
            (\(icmp.reason)) came later, and so the second send() failed with ECONNREFUSED: it collected the first \
            one's error and sent nothing. Only a connected UDP socket is told.
            """)
    }
}
