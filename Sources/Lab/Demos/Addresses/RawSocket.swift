import Addressing
import Packets
import Sockets

/// A socket below UDP.
struct RawSocket: Demo {
    let name = "raw"
    let group = DemoGroup.addresses
    let summary = "SOCK_RAW needs CAP_NET_RAW (EPERM), and sees other sockets' packets with their IP headers"
    let notOverIPv6: String? =
        "it shows the IPv4 header, which a raw IPv6 socket does not hand out (RFC 3542 section 3)"

    func server(_ role: Role) throws(SocketError) {
        let server = try role.socket(.datagram)
        try server.bind(to: role.server)
        let raw = try role.rawSocket(.ipv4, .udp)
        try raw.bind(to: Endpoint(role.server.address, .any))
        role.tell("bound")
        // Its own copy of what the other socket gets; other UDP packets of the machine come too.
        while try raw.recv(2048).count != 28 + role.message.count {}
        _ = try server.recvfrom(1024)
        try raw.close()
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        // This thread alone: as an ordinary user's program.
        try ProcessPrivileges.dropThreadCapabilities()
        role.trying { () throws(SocketError) in _ = try role.rawSocket(.ipv4, .udp) }
        let client = try role.socket(.datagram)
        try client.sendto(role.message.span, role.server)
        try client.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        _ = try seen.failure(.client, .socket, "EPERM")
        let datagram = try seen.packet("the datagram") { $0.isUDP && seen.isToServer($0) }
        let raw = try seen.receipt(.server, .recv, of: 28 + datagram.payload)
        _ = try seen.receipt(.server, .recvfrom, of: datagram.payload)
        return .shown(
            """
            Without CAP_NET_RAW socket(SOCK_RAW) failed with EPERM; with it the raw socket got a copy of packet \
            \(datagram.number), \(raw.received ?? 0) bytes: 20 of IP header, 8 of UDP header and the \
            \(datagram.payload) that the server's recvfrom() gave. It is a copy: who listens raw takes nothing away.
            """)
    }
}
