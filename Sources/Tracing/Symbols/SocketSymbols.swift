import Sockets

/// Linux's constants by their numbers, as C spells them (include/linux/socket.h, the same on x86-64 and arm64). What is
/// in no table is shown as its number.
enum SocketSymbols {
    static func family(_ number: Int32) -> String { families[number] ?? String(number) }

    private static let families: [Int32: String] = [
        0: "AF_UNSPEC", 1: "AF_UNIX", 2: "AF_INET", 10: "AF_INET6", 15: "AF_KEY", 16: "AF_NETLINK", 17: "AF_PACKET",
        29: "AF_CAN", 30: "AF_TIPC", 31: "AF_BLUETOOTH", 38: "AF_ALG", 40: "AF_VSOCK", 43: "AF_SMC", 44: "AF_XDP",
    ]

    /// SOCK_CLOEXEC is left out: it says nothing about the socket.
    static func kind(_ number: Int32) -> [String] {
        let base = [
            1: "SOCK_STREAM", 2: "SOCK_DGRAM", 3: "SOCK_RAW", 4: "SOCK_RDM", 5: "SOCK_SEQPACKET", 6: "SOCK_DCCP",
            10: "SOCK_PACKET",
        ]
        return [base[Int(number & 0xf)] ?? String(number & 0xf)]
            + (number & nonblocking != 0 ? ["SOCK_NONBLOCK"] : [])
    }

    /// O_NONBLOCK of both processors.
    static let nonblocking: Int32 = 0o4000
    /// O_CLOEXEC of both processors.
    static let closeOnExec: Int32 = 0o2000000

    static func transportProtocol(_ number: Int32) -> String {
        let names: [Int32: String] = [
            1: "IPPROTO_ICMP", 6: "IPPROTO_TCP", 17: "IPPROTO_UDP", 58: "IPPROTO_ICMPV6", 132: "IPPROTO_SCTP",
            136: "IPPROTO_UDPLITE", 255: "IPPROTO_RAW", 262: "IPPROTO_MPTCP",
        ]
        return names[number] ?? String(number)
    }

    static func shutdownHow(_ number: Int32) -> String {
        let names: [Int32: String] = [0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"]
        return names[number] ?? String(number)
    }

    /// MSG_… of send(2) and recv(2); MSG_NOSIGNAL is left out: libraries set it for everybody.
    static func messageFlags(_ number: Int32) -> [CallArgument] {
        names(of: UInt32(bitPattern: number), in: messageFlagNames, without: 0x4000)
    }

    private static let messageFlagNames: [(UInt32, String)] = [
        (0x1, "MSG_OOB"), (0x2, "MSG_PEEK"), (0x4, "MSG_DONTROUTE"), (0x8, "MSG_CTRUNC"), (0x10, "MSG_PROXY"),
        (0x20, "MSG_TRUNC"), (0x40, "MSG_DONTWAIT"), (0x80, "MSG_EOR"), (0x100, "MSG_WAITALL"), (0x200, "MSG_FIN"),
        (0x400, "MSG_SYN"), (0x800, "MSG_CONFIRM"), (0x1000, "MSG_RST"), (0x2000, "MSG_ERRQUEUE"),
        (0x8000, "MSG_MORE"), (0x10000, "MSG_WAITFORONE"), (0x40000, "MSG_BATCH"), (0x400_0000, "MSG_ZEROCOPY"),
        (0x2000_0000, "MSG_FASTOPEN"), (0x4000_0000, "MSG_CMSG_CLOEXEC"),
    ]

    private static func names(of bits: UInt32, in table: [(UInt32, String)], without ignored: UInt32) -> [CallArgument]
    {
        var left = bits & ~ignored
        var names: [String] = []
        for (bit, name) in table where left & bit != 0 {
            names.append(name)
            left &= ~bit
        }
        if left != 0 { names.append("0x" + String(left, radix: 16)) }
        return names.isEmpty ? [] : [.symbols(names)]
    }
}
