#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The third argument of `socket` for SOCK_RAW: whose packets the socket gets a copy of, raw(7).
public enum RawProtocol: Hashable, Sendable, CaseIterable {
    case icmp, tcp, udp

    var number: Int32 {
        switch self {
        case .icmp: Int32(IPPROTO_ICMP)
        case .tcp: Int32(IPPROTO_TCP)
        case .udp: Int32(IPPROTO_UDP)
        }
    }

    var text: String {
        switch self {
        case .icmp: "IPPROTO_ICMP"
        case .tcp: "IPPROTO_TCP"
        case .udp: "IPPROTO_UDP"
        }
    }

    static var kind: Int32 {
        #if canImport(Darwin) || canImport(Musl)
            SOCK_RAW
        #else
            Int32(truncatingIfNeeded: SOCK_RAW.rawValue)
        #endif
    }
}

extension CallRecorder {
    /// socket(2) with SOCK_RAW. EPERM without CAP_NET_RAW.
    public func rawSocket(_ end: SocketCall.End, _ family: AddressFamily, _ kind: RawProtocol) throws(SocketError)
        -> RecordedSocket
    {
        try RecordedSocket(family, kind, end, self)
    }
}
