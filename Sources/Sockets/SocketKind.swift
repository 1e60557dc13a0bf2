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

    /// The family that an address belongs to.
    public init(of address: IPAddress) {
        switch address {
        case .v4: self = .ipv4
        case .v6: self = .ipv6
        }
    }

    var number: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
    var text: String { self == .ipv4 ? "AF_INET" : "AF_INET6" }
}

/// The second argument of `socket`: a byte stream (TCP) or datagrams (UDP).
public enum SocketKind: Hashable, Sendable, CaseIterable {
    case stream, datagram

    public var transport: SocketCall.Transport { self == .stream ? .tcp : .udp }

    var number: Int32 {
        #if canImport(Darwin) || canImport(Musl)
        self == .stream ? SOCK_STREAM : SOCK_DGRAM
        #else
        Int32(truncatingIfNeeded: (self == .stream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        #endif
    }

    var text: String { self == .stream ? "SOCK_STREAM" : "SOCK_DGRAM" }
}

/// The last argument of `send`: how this one call differs from the others.
public struct MessageFlags: OptionSet, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// MSG_DONTWAIT: takes what there is room for and does not block.
    public static let dontWait = MessageFlags(rawValue: Int32(truncatingIfNeeded: MSG_DONTWAIT))

    var text: String? { contains(.dontWait) ? "MSG_DONTWAIT" : nil }
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
