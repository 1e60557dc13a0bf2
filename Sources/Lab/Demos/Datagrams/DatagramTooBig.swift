import Addressing
import Sockets

/// Datagrams that do not fit: into UDP, into the link's MTU, and into it without fragments.
struct DatagramTooBig: Demo {
    let name = "datagram-too-big"
    let group = DemoGroup.datagrams
    let summary = "EMSGSIZE without a packet, fragments above the MTU, and EMSGSIZE again where fragments are forbidden"
    let needsPrivateNetwork: String? = "it lowers the MTU of loopback to 1500"

    private static let size = 4000

    func prepare(_ settings: DemoSettings) throws(SocketError) { try InterfaceControl.setMTU(of: "lo", to: 1500) }

    func server(_ role: Role) throws(SocketError) {
        let server = try role.bindDatagrams()  // socket, bind
        _ = try server.recvfrom(65_536)
        try server.close()
    }

    func client(_ role: Role) throws(SocketError) {
        try role.wait(for: "bound")
        let family = AddressFamily(of: role.server.address)
        let limit = family == .ipv6 ? 65_527 : 65_507
        let client = try role.socket(.datagram)
        role.trying { () throws(SocketError) in
            try client.sendto([UInt8](repeating: 0, count: limit + 1).span, role.server)
        }
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: Self.size)
        try client.forbidFragments(family)
        role.trying { () throws(SocketError) in try client.sendto(large.span, role.server) }
        let other = try role.socket(.datagram)
        try other.sendto(large.span, role.server)
        try client.close()
        try other.close()
    }

    func verdict(_ seen: Evidence) throws(NotSeen) -> Verdict {
        let failures = seen.calls(.client, .sendto).filter { $0.errno == "EMSGSIZE" }
        try seen.require(failures.count == 2, "\(failures.count) of 2 sendto() calls failed with EMSGSIZE")
        let fragments = try seen.packets("fragments", atLeast: 3) { $0.fragmentOffset != nil }
        try seen.require(seen.packets.count == fragments.count, "there are packets besides the fragments")
        _ = try seen.receipt(.server, .recvfrom, of: Self.size)
        let limit = AddressFamily(of: seen.server.address) == .ipv6 ? "65527 over IPv6" : "65507 over IPv4"
        return .shown(
            """
            The first sendto() failed with EMSGSIZE and sent nothing: more than any UDP datagram holds (\(limit)); the \
            second, of \(Self.size) bytes, also without a packet, because the link's MTU is 1500 and IP_PMTUDISC_DO \
            forbids fragments; where they are allowed the same \(Self.size) bytes left as \(fragments.count) fragments \
            (\(seen.list(fragments))) and recvfrom() gave them as one datagram.
            """)
    }
}
