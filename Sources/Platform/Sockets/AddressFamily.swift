import Addressing
import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The first argument of `socket`: which addresses the socket speaks.
public enum AddressFamily: Hashable, Sendable, CaseIterable {
    /// AF_INET.
    case ipv4
    /// AF_INET6.
    case ipv6
    /// AF_UNIX: the addresses are paths, and nothing leaves the machine.
    case unix

    /// The family that an address belongs to.
    public init(of address: IPAddress) {
        switch address {
        case .v4: self = .ipv4
        case .v6: self = .ipv6
        }
    }

    /// The number in the system's headers.
    public var number: Int32 {
        switch self {
        case .ipv4: AF_INET
        case .ipv6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// The symbol as C spells it.
    public var text: String {
        switch self {
        case .ipv4: "AF_INET"
        case .ipv6: "AF_INET6"
        case .unix: "AF_UNIX"
        }
    }
}
