import Services
import Sockets

/// The echo over AF_UNIX: the same calls, and no network at all.
struct UnixEcho: Demo {
    let name = "unix-echo"
    let group = DemoGroup.services
    let summary = "AF_UNIX: the same calls over a path, and not one packet"
    let service: ServiceDescription? = .unixEcho
    let choices: Set<DemoChoice> = [.message]
    let needsOneHost: String? = "AF_UNIX sockets join programs on one machine only"

    /// A name of Linux's abstract namespace, which belongs to the network namespace: no file.
    private static func path(_ role: Role, _ name: String) -> UnixPath {
        UnixPath("@netprobe-demo-\(role.server.port)-\(name)")
    }

    private static let kinds: [SocketKind] = [.stream, .sequencedPacket]

    func server(_ role: Role) throws(SocketError) {
        let driver = BlockingDriver(socket: role.sockets, stop: role.stop)
        for kind in Self.kinds {
            try driver.serveUnix(
                at: Self.path(role, "\(kind)"), kind, connections: 1, logic: { Echo() },
                report: { event in
                    if case .listeningAt = event { role.tell("\(kind)") }
                })
        }
        try driver.serveUnixDatagrams(
            at: Self.path(role, "datagram"), datagrams: 1, logic: Echo(),
            report: { event in
                if case .listeningAt = event { role.tell("datagram") }
            })
    }

    func client(_ role: Role) throws(SocketError) {
        let client = CourseClient(socket: role.sockets)
        for kind in Self.kinds {
            try role.wait(for: "\(kind)")
            role.keep(try client.unix(Self.path(role, "\(kind)"), kind, messages: [role.message]))
        }
        try role.wait(for: "datagram")
        role.keep(
            try client.unixDatagrams(
                Self.path(role, "datagram"), from: Self.path(role, "client"), messages: [role.message]))
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        guard seen.answers.count == 3, seen.answers.allSatisfy({ $0 == seen.settings.message }) else {
            return .no("what came back is not what was sent")
        }
        try seen.require(seen.packets.isEmpty, "\(seen.packets.count) packets were captured")
        return .shown(
            """
            \(seen.settings.message.count) bytes came back over SOCK_STREAM, SOCK_SEQPACKET and SOCK_DGRAM by the same \
            calls as over TCP and UDP, and not one packet was captured: AF_UNIX copies from process to process inside \
            the kernel, with a path in place of address and port.
            """)
    }
}
