import Text

/// A port of TCP, UDP or another transport protocol with 16-bit ports (RFC 6335).
public struct Port: RawRepresentable, Hashable, Sendable {
    /// The number, 0 to 65535, in the machine's byte order.
    public let rawValue: UInt16

    /// A port by its number.
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// A port by its number.
    @inlinable public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// Port 0, "any free port" when bound to.
    public static let any = Port(0)
}

extension Port: ExpressibleByIntegerLiteral {
    /// A port by its number.
    @inlinable public init(integerLiteral value: UInt16) { rawValue = value }
}

extension Port: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

extension Port: Comparable {
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// One end of a conversation: an address and a port.
public struct Endpoint: Hashable, Sendable {
    /// The address, without the port.
    public var address: IPAddress
    /// The port; 0 where the transport has none, or for any.
    public var port: Port
    /// The interface's index for link-local IPv6 addresses (RFC 4007 section 6); 0 where there is none, as with every
    /// IPv4 address.
    public var scope: UInt32

    /// An endpoint; `scope` is the interface's index of a link-local IPv6 address and counts for IPv6 alone.
    @inlinable
    public init(_ address: IPAddress, _ port: Port, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = if case .v6 = address { scope } else { 0 }
    }

    /// Reads `address:port`, with an IPv6 address in brackets (RFC 3986 section 3.2.2): `127.0.0.1:80`, `[::1]:80`,
    /// `[fe80::1%2]:80`.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        var scope: UInt32 = 0
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            if let percent = host.firstIndex(of: "%") {
                guard let number = UInt32(host[host.index(after: percent)...]) else { return nil }
                scope = number
                host = host[..<percent]
            }
            guard let address = IPv6Address(host) else { return nil }
            self.init(.v6(address), Port(port), scope: scope)
        } else {
            guard let address = IPv4Address(host) else { return nil }
            self.init(.v4(address), Port(port))
        }
    }

    /// Writes `address:port`, an IPv6 address in brackets.
    @inlinable
    public func write<Sink: TextSink & ~Copyable>(to sink: inout Sink) {
        switch address {
        case .v4(let address):
            address.write(to: &sink)
        case .v6(let address):
            sink.append(ascii: 91)
            address.write(to: &sink)
            if scope != 0 {
                sink.append(ascii: 37)
                sink.append(decimal: UInt64(scope))
            }
            sink.append(ascii: 93)
        }
        sink.append(ascii: 58)
        sink.append(decimal: UInt64(port.rawValue))
    }
}

extension Endpoint: CustomStringConvertible {
    public var description: String {
        var collector = ByteCollector()
        write(to: &collector)
        return collector.text
    }
}

extension Endpoint: Comparable {
    @inlinable
    public static func < (a: Self, b: Self) -> Bool {
        if a.address != b.address { return a.address < b.address }
        if a.port != b.port { return a.port < b.port }
        return a.scope < b.scope
    }
}
