import Addressing
import Sockets

/// A socket address as a program hands it over or gets it, by the first two octets of which, `sa_family`, it is read.
enum ProgramAddress: Hashable {
    /// AF_INET and AF_INET6, ip(7) and ipv6(7).
    case endpoint(Endpoint)
    /// AF_UNIX, unix(7): a path, or an abstract name behind `@`.
    case path(String)
    /// AF_UNSPEC, with which connect(2) dissolves an association.
    case unspecified
    /// Another family's, or too short for the one that it names.
    case other(family: Int32)

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { return nil }
        let family = Int32(bytes.word(at: 0, size: 2))
        switch (family, bytes.count) {
        case (0, _):
            self = .unspecified
        case (1, _):
            guard let path = Self.path(bytes.dropFirst(2)) else { return nil }
            self = .path(path)
        case (2, 16...):
            let address = bytes[4..<8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            self = .endpoint(Endpoint(.v4(IPv4Address(rawValue: address)), Self.port(bytes)))
        case (10, 28...):
            let high = bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = bytes[16..<24].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let scope = UInt32(truncatingIfNeeded: bytes.word(at: 24, size: 4))
            self = .endpoint(Endpoint(.v6(IPv6Address(high: high, low: low)), Self.port(bytes), scope: scope))
        default:
            self = .other(family: family)
        }
    }

    private static func port(_ bytes: [UInt8]) -> Port { Port(UInt16(bytes[2]) << 8 | UInt16(bytes[3])) }

    /// A socket without a name has no octets here.
    private static func path(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let first = bytes.first else { return nil }
        if first == 0 {
            return bytes.count > 1 ? "@" + String(decoding: bytes.dropFirst(), as: UTF8.self) : nil
        }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    var endpoint: Endpoint? { if case .endpoint(let endpoint) = self { endpoint } else { nil } }

    /// As an argument of a recorded call.
    var argument: CallArgument {
        switch self {
        case .endpoint(let endpoint): .address(endpoint)
        case .path(let path): CallArgument(path)
        case .unspecified: .symbol("AF_UNSPEC")
        case .other(let family): .symbol(SocketSymbols.family(family))
        }
    }
}
