import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The second argument of `socket`: a byte stream (TCP), datagrams (UDP), or a connection that keeps messages apart.
public enum SocketKind: Hashable, Sendable, CaseIterable {
    /// SOCK_STREAM.
    case stream
    /// SOCK_DGRAM.
    case datagram
    /// SOCK_SEQPACKET: connected as a stream, bounded as datagrams. Only AF_UNIX has it here, and macOS not even there.
    case sequencedPacket

    /// The number in the system's headers.
    public var number: Int32 {
        #if canImport(Darwin) || canImport(Musl)
            switch self {
            case .stream: SOCK_STREAM
            case .datagram: SOCK_DGRAM
            case .sequencedPacket: SOCK_SEQPACKET
            }
        #else
            let kind =
                switch self {
                case .stream: SOCK_STREAM
                case .datagram: SOCK_DGRAM
                case .sequencedPacket: SOCK_SEQPACKET
                }
            return Int32(truncatingIfNeeded: kind.rawValue)
        #endif
    }

    /// The symbol as C spells it.
    public var text: String {
        switch self {
        case .stream: "SOCK_STREAM"
        case .datagram: "SOCK_DGRAM"
        case .sequencedPacket: "SOCK_SEQPACKET"
        }
    }

    /// SOCK_RAW, whose sockets get copies of packets that belong to others: raw(7).
    public static var rawNumber: Int32 {
        #if canImport(Darwin) || canImport(Musl)
            SOCK_RAW
        #else
            Int32(truncatingIfNeeded: SOCK_RAW.rawValue)
        #endif
    }
}
