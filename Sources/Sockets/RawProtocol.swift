import Platform

/// The third argument of `socket` for SOCK_RAW: whose packets the socket gets a copy of, raw(7).
public enum RawProtocol: Hashable, Sendable, CaseIterable {
    case icmp, tcp, udp

    /// The protocol's number (IANA).
    var number: Int32 {
        switch self {
        case .icmp: 1
        case .tcp: 6
        case .udp: 17
        }
    }

    var text: String {
        switch self {
        case .icmp: "IPPROTO_ICMP"
        case .tcp: "IPPROTO_TCP"
        case .udp: "IPPROTO_UDP"
        }
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
