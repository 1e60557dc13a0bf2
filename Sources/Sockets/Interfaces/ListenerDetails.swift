/// What /proc/net does not tell of a socket, from the kernel's socket diagnosis, sock_diag(7): how many connections may
/// wait at a listener, and whether an IPv6 socket leaves IPv4 alone. By inode; Linux only.
public struct ListenerDetails: Hashable, Sendable {
    /// The listen backlog; nil for sockets that do not listen.
    public var backlog: UInt32?
    /// IPV6_V6ONLY; nil for IPv4.
    public var isIPv6Only: Bool?

    /// Empty where the kernel does not answer such questions.
    public static func all() -> [UInt64: ListenerDetails] {
        var found: [UInt64: ListenerDetails] = [:]
        // AF_INET and AF_INET6, IPPROTO_TCP and IPPROTO_UDP; the states LISTEN (10) and CLOSE (7), which UDP calls its
        // own.
        for (family, transport) in [(2, 6), (10, 6), (2, 17), (10, 17)] as [(UInt8, UInt8)] {
            // struct inet_diag_req_v2: family, protocol, extensions, padding, states, then the socket's identity (48
            // bytes).
            var request = NativeBytes([family, transport, 0, 0])
            request.append(UInt32(1 << 10 | 1 << 7))
            let body = Array(request.bytes) + [UInt8](repeating: 0, count: 48)
            try? NetlinkDump.run(.socketDiagnosis, type: 20, body: body) { type, content in
                if type == 20, let (inode, details) = parse(content) { found[inode] = details }
            }
        }
        return found
    }

    /// struct inet_diag_msg, 72 bytes: family, state, timer, retransmits, identity (48), expires, receive queue, send
    /// queue, user, inode; then attributes.
    static func parse(_ content: NativeBytes) -> (UInt64, ListenerDetails)? {
        guard let state = content.uint8(at: 1), let backlog = content.uint32(at: 60), let inode = content.uint32(at: 68)
        else { return nil }
        var details = ListenerDetails(backlog: state == 10 ? backlog : nil)
        // INET_DIAG_SKV6ONLY
        NetlinkDump.attributes(content, from: 72) { type, value in
            if type == 11 { details.isIPv6Only = value.uint8(at: 0).map { $0 != 0 } }
        }
        return (UInt64(inode), details)
    }
}
