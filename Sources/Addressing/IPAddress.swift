import Text

/// An address of either Internet Protocol.
public enum IPAddress: Hashable, Sendable {
    case v4(IPv4Address)
    case v6(IPv6Address)

    /// Reads an IPv4 address in dotted decimal or an IPv6 address (RFC 4291 section 2.2). No zone, no brackets.
    public init?(_ text: some StringProtocol) {
        if let address = IPv4Address(text) {
            self = .v4(address)
        } else if let address = IPv6Address(text) {
            self = .v6(address)
        } else {
            return nil
        }
    }

    /// Whether the address means this machine itself: 127.0.0.0/8 (RFC 1122), ::1 (RFC 4291), or ::ffff:127.0.0.0/104.
    public var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6(let address): address == .loopback || address.mappedIPv4.map { $0.rawValue >> 24 == 127 } ?? false
        }
    }

    /// Whether the address is `0.0.0.0` or `::`, which binds to every local address.
    public var isUnspecified: Bool {
        switch self {
        case .v4(let address): address == .any
        case .v6(let address): address == .any
        }
    }

    /// Writes the address in its canonical text form.
    @inlinable
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        switch self {
        case .v4(let address): address.write(to: &sink)
        case .v6(let address): address.write(to: &sink)
        }
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        switch self {
        case .v4(let address): address.description
        case .v6(let address): address.description
        }
    }
}

extension IPAddress: Comparable {
    /// IPv4 sorts before IPv6; inside a family by number.
    @inlinable
    public static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.v4(let a), .v4(let b)): a < b
        case (.v6(let a), .v6(let b)): a < b
        case (.v4, .v6): true
        case (.v6, .v4): false
        }
    }
}
