import Sockets

/// Socket options by level and number (asm-generic/socket.h, linux/tcp.h, linux/in.h, linux/in6.h, linux/udp.h), and
/// what their values are.
enum OptionSymbols {
    /// `SOL_SOCKET`, `SO_RCVTIMEO`, `2.5 s`: level, name and value; no value where it says nothing.
    static func arguments(level: Int32, name: Int32, value: [UInt8]) -> [CallArgument] {
        let names = self.names(level)
        let symbol = names[name] ?? String(name)
        return [CallArgument(self.level(level)), CallArgument(symbol)]
            + (text(value, symbol).map { [CallArgument($0)] } ?? [])
    }

    private static func level(_ number: Int32) -> String {
        switch number {
        case 0: "SOL_IP"
        case 1: "SOL_SOCKET"
        case 6: "SOL_TCP"
        case 17: "SOL_UDP"
        case 41: "SOL_IPV6"
        case 255: "SOL_RAW"
        case 263: "SOL_PACKET"
        case 270: "SOL_NETLINK"
        case 284: "SOL_MPTCP"
        default: String(number)
        }
    }

    private static func names(_ level: Int32) -> [Int32: String] {
        switch level {
        case 0: ofIPv4
        case 1: ofSockets
        case 6: ofTCP
        case 17: ofUDP
        case 41: ofIPv6
        default: [:]
        }
    }

    private static let ofSockets: [Int32: String] = [
        1: "SO_DEBUG", 2: "SO_REUSEADDR", 3: "SO_TYPE", 4: "SO_ERROR", 5: "SO_DONTROUTE", 6: "SO_BROADCAST",
        7: "SO_SNDBUF", 8: "SO_RCVBUF", 9: "SO_KEEPALIVE", 10: "SO_OOBINLINE", 12: "SO_PRIORITY", 13: "SO_LINGER",
        15: "SO_REUSEPORT", 16: "SO_PASSCRED", 17: "SO_PEERCRED", 18: "SO_RCVLOWAT", 19: "SO_SNDLOWAT",
        20: "SO_RCVTIMEO", 21: "SO_SNDTIMEO", 25: "SO_BINDTODEVICE", 26: "SO_ATTACH_FILTER", 27: "SO_DETACH_FILTER",
        28: "SO_PEERNAME", 29: "SO_TIMESTAMP", 30: "SO_ACCEPTCONN", 31: "SO_PEERSEC", 32: "SO_SNDBUFFORCE",
        33: "SO_RCVBUFFORCE", 35: "SO_TIMESTAMPNS", 36: "SO_MARK", 37: "SO_TIMESTAMPING", 38: "SO_PROTOCOL",
        39: "SO_DOMAIN", 40: "SO_RXQ_OVFL", 42: "SO_PEEK_OFF", 46: "SO_BUSY_POLL", 47: "SO_MAX_PACING_RATE",
        49: "SO_INCOMING_CPU", 50: "SO_ATTACH_BPF", 60: "SO_ZEROCOPY", 61: "SO_TXTIME", 66: "SO_RCVTIMEO",
        67: "SO_SNDTIMEO", 77: "SO_PEERPIDFD",
    ]

    private static let ofTCP: [Int32: String] = [
        1: "TCP_NODELAY", 2: "TCP_MAXSEG", 3: "TCP_CORK", 4: "TCP_KEEPIDLE", 5: "TCP_KEEPINTVL", 6: "TCP_KEEPCNT",
        7: "TCP_SYNCNT", 8: "TCP_LINGER2", 9: "TCP_DEFER_ACCEPT", 10: "TCP_WINDOW_CLAMP", 11: "TCP_INFO",
        12: "TCP_QUICKACK", 13: "TCP_CONGESTION", 14: "TCP_MD5SIG", 18: "TCP_USER_TIMEOUT", 23: "TCP_FASTOPEN",
        25: "TCP_NOTSENT_LOWAT", 30: "TCP_FASTOPEN_CONNECT", 31: "TCP_ULP", 36: "TCP_INQ",
    ]

    private static let ofUDP: [Int32: String] = [1: "UDP_CORK", 103: "UDP_SEGMENT", 104: "UDP_GRO"]

    private static let ofIPv4: [Int32: String] = [
        1: "IP_TOS", 2: "IP_TTL", 3: "IP_HDRINCL", 4: "IP_OPTIONS", 6: "IP_RECVOPTS", 8: "IP_PKTINFO",
        10: "IP_MTU_DISCOVER", 11: "IP_RECVERR", 12: "IP_RECVTTL", 13: "IP_RECVTOS", 14: "IP_MTU", 15: "IP_FREEBIND",
        19: "IP_TRANSPARENT", 20: "IP_RECVORIGDSTADDR", 21: "IP_MINTTL", 24: "IP_BIND_ADDRESS_NO_PORT",
        32: "IP_MULTICAST_IF", 33: "IP_MULTICAST_TTL", 34: "IP_MULTICAST_LOOP", 35: "IP_ADD_MEMBERSHIP",
        36: "IP_DROP_MEMBERSHIP", 39: "IP_ADD_SOURCE_MEMBERSHIP", 40: "IP_DROP_SOURCE_MEMBERSHIP",
        49: "IP_MULTICAST_ALL", 50: "IP_UNICAST_IF",
    ]

    private static let ofIPv6: [Int32: String] = [
        7: "IPV6_CHECKSUM", 16: "IPV6_UNICAST_HOPS", 17: "IPV6_MULTICAST_IF", 18: "IPV6_MULTICAST_HOPS",
        19: "IPV6_MULTICAST_LOOP", 20: "IPV6_ADD_MEMBERSHIP", 21: "IPV6_DROP_MEMBERSHIP", 23: "IPV6_MTU_DISCOVER",
        24: "IPV6_MTU", 25: "IPV6_RECVERR", 26: "IPV6_V6ONLY", 29: "IPV6_MULTICAST_ALL", 49: "IPV6_RECVPKTINFO",
        50: "IPV6_PKTINFO", 51: "IPV6_RECVHOPLIMIT", 66: "IPV6_RECVTCLASS", 67: "IPV6_TCLASS",
        75: "IPV6_TRANSPARENT", 78: "IPV6_FREEBIND",
    ]

    // MARK: Values

    private static func text(_ value: [UInt8], _ name: String) -> String? {
        switch name {
        case "SO_RCVTIMEO", "SO_SNDTIMEO": return time(value)
        case "SO_BINDTODEVICE", "TCP_CONGESTION", "TCP_ULP":
            return String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
        case "SO_LINGER" where value.count >= 8:
            return "l_onoff=\(number(value, 0)) l_linger=\(number(value, 4))"
        case _ where ["IP_ADD_MEMBERSHIP", "IP_DROP_MEMBERSHIP"].contains(name) && value.count >= 8:
            return "imr_multiaddr=\(address(value, 0)) imr_interface=\(address(value, 4))"
        case "IP_MULTICAST_IF" where value.count == 4: return address(value, 0)
        default: break
        }
        switch value.count {
        case 1: return String(value[0])
        case 4: return String(number(value, 0))
        default: return nil
        }
    }

    private static func number(_ value: [UInt8], _ start: Int) -> Int32 {
        Int32(truncatingIfNeeded: value.word(at: start, size: 4))
    }

    private static func address(_ value: [UInt8], _ start: Int) -> String {
        value.dropFirst(start).prefix(4).map(String.init).joined(separator: ".")
    }

    /// `struct timeval` of two 64-bit numbers: seconds and microseconds.
    private static func time(_ value: [UInt8]) -> String? {
        guard value.count >= 16 else { return nil }
        let (seconds, microseconds) = (value.word(at: 0, size: 8), value.word(at: 8, size: 8))
        guard microseconds < 1_000_000 else { return nil }
        if microseconds == 0 { return "\(seconds) s" }
        var digits = String(1_000_000 + microseconds).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(seconds).\(digits) s"
    }
}
