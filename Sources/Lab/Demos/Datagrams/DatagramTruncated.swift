import Services
import Sockets

/// A buffer smaller than the datagram.
struct DatagramTruncated: Demo {
    let name = "datagram-truncated"
    let group = DemoGroup.datagrams
    let summary = "recvfrom() with too small a buffer: the rest of the datagram is lost"
    let defaultMessage = CourseDefaults.udpMessage

    func server(_ role: Role) throws(SocketError) {
        let server = try role.bindDatagrams()  // socket, bind
        _ = try server.recvfrom(10)
        _ = try server.recvfrom(1024)
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        let client = try role.socket(.datagram)
        try client.sendto(role.message.span, role.server)
        try client.sendto(Array("the next one".utf8).span, role.server)
        try client.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let datagrams = try seen.packets("two datagrams", atLeast: 2) { $0.isUDP && seen.isToServer($0) }
        _ = try seen.receipt(.server, .recvfrom, of: 10)
        _ = try seen.receipt(.server, .recvfrom, of: datagrams[1].payload)
        return .shown(
            """
            Packet \(datagrams[0].number) brought \(datagrams[0].payload) bytes and recvfrom(10) gave the first 10; \
            the other \(datagrams[0].payload - 10) are lost without an error, and the next recvfrom() gave the next \
            datagram (packet \(datagrams[1].number), \(datagrams[1].payload) bytes): unlike TCP's stream, a datagram \
            is taken whole or cut.
            """)
    }
}
