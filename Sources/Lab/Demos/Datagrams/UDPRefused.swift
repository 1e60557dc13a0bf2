import Sockets

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
        let datagram = try seen.packet("the datagram") { $0.isUDP && seen.isToServer($0) }
        let icmp = try seen.packet("the ICMP error that answers it", after: datagram) { $0.refusal != nil }
        let sent = try seen.success(.client, .send)
        let failed = try seen.failure(.client, .send, "ECONNREFUSED")
        try seen.require(sent.id < failed.id && seen.isBefore(icmp, failed), "the second send() was not the one that failed")
        return .shown("""
            The first send() succeeded, for packet \(datagram.number) had left; the ICMP error in packet \(icmp.number) (\(icmp.refusal.map { "\($0.reason)" } ?? "")) came \
            later, and so the second send() failed with ECONNREFUSED: it collected the first one's error and sent nothing. Only a connected UDP \
            socket is told.
            """)
    }
}
