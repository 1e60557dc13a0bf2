import Addressing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The first argument of `socket`: which addresses the socket speaks.
public enum AddressFamily: Hashable, Sendable, CaseIterable {
    case ipv4, ipv6
    /// AF_UNIX: the addresses are paths, and nothing leaves the machine.
    case unix

    /// The family that an address belongs to.
    public init(of address: IPAddress) {
        switch address {
        case .v4: self = .ipv4
        case .v6: self = .ipv6
        }
    }

    var number: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    var text: String {
        switch self {
        case .ipv4: "AF_INET"
        case .ipv6: "AF_INET6"
        case .unix: "AF_UNIX"
        }
    }
}

/// The second argument of `socket`: a byte stream (TCP), datagrams (UDP), or a connection that keeps messages apart.
public enum SocketKind: Hashable, Sendable, CaseIterable {
    case stream, datagram
    /// SOCK_SEQPACKET: connected as a stream, bounded as datagrams. Only AF_UNIX has it here, and macOS not even there.
    case sequencedPacket

    /// The transport protocol of an internet socket of this kind.
    public var transport: SocketCall.Transport { self == .datagram ? .udp : .tcp }

    /// The same of a socket of any family.
    func transport(in family: AddressFamily) -> SocketCall.Transport { family == .unix ? .unix : transport }

    var number: Int32 {
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

    var text: String {
        switch self {
        case .stream: "SOCK_STREAM"
        case .datagram: "SOCK_DGRAM"
        case .sequencedPacket: "SOCK_SEQPACKET"
        }
    }
}

/// The last argument of `send`: how this one call differs from the others.
public struct MessageFlags: OptionSet, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// MSG_DONTWAIT: takes what there is room for and does not block.
    public static let dontWait = MessageFlags(rawValue: Int32(truncatingIfNeeded: MSG_DONTWAIT))

    /// The flags as an argument of a recorded call; nil where there are none.
    var argument: CallArgument? { contains(.dontWait) ? .symbol("MSG_DONTWAIT") : nil }

    /// What a call that sends so many bytes was asked.
    func arguments(after count: Int) -> CallRequest.Arguments {
        argument.map { .two(.bytes(count), $0) } ?? .one(.bytes(count))
    }
}

/// The second argument of `shutdown`: which direction ends.
public enum ShutdownDirection: Hashable, Sendable, CaseIterable {
    /// SHUT_RD: nothing more is received.
    case receiving
    /// SHUT_WR: nothing more is sent; TCP sends FIN.
    case sending
    /// SHUT_RDWR: both.
    case both

    var number: Int32 {
        switch self {
        case .receiving: Int32(SHUT_RD)
        case .sending: Int32(SHUT_WR)
        case .both: Int32(SHUT_RDWR)
        }
    }

    var text: String {
        switch self {
        case .receiving: "SHUT_RD"
        case .sending: "SHUT_WR"
        case .both: "SHUT_RDWR"
        }
    }
}
