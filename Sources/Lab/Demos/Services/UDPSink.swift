import Services
import Sockets

/// UDP to a server that never answers, and to none at all: the sender sees no difference.
struct UDPSink: Demo {
    let name = "udp-sink"
    let group = DemoGroup.services
    let summary = "the server receives and never answers: sendto() says the same with a server and without"
    let choices: Set<DemoChoice> = [.message]
    let service: ServiceDescription? = .udpSink

    func server(_ role: Role) throws(SocketError) {
        // The wire may lose it.
        try role.serve(datagrams: 1, stop: role.stop(after: "sent", .milliseconds(500)), Sink())
        role.tell("gone")
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(until: .server, isIn: .recvfrom)
        let client = try role.socket(.datagram)
        try client.sendto(role.message.span, role.server)
        role.tell("sent")
        try role.wait(for: "gone")
        try client.sendto(role.message.span, role.server)
        try client.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let datagrams = try seen.packets("two datagrams to the server", atLeast: 2) { $0.isUDP && seen.isToServer($0) }
        let icmp = try seen.packet("the ICMP error that answers the second", after: datagrams[1]) { $0.refusal != nil }
        let size = seen.settings.message.count
        let sent = seen.calls(.client, .sendto).filter { $0.value == size }
        try seen.require(sent.count == 2, "\(sent.count) of 2 sendto() calls succeeded")
        _ = try seen.receipt(.server, .recvfrom, of: size)
        try seen.require(!seen.packets.contains { $0.isUDP && seen.isFromServer($0) }, "the server has answered")
        return .shown(
            """
            Both sendto() returned \(size): for packet \(datagrams[0].number), which the server received, and for \
            packet \(datagrams[1].number), when there was no server any more. The ICMP error in packet \(icmp.number) \
            reached no call of this unconnected socket: without an answer that the protocol asks for, a sender of \
            datagrams cannot know whether anybody is there.
            """)
    }
}
