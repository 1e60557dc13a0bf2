import Addressing
import Packets

/// Which conversation a packet belongs to: its two endpoints and transport, the same for both directions.
///
/// The endpoints are sorted once; which way a packet went is kept apart, as `FlowDirection`.
public struct FlowKey: Hashable, Sendable {
    @usableFromInline let lowerHigh: UInt64
    @usableFromInline let lowerLow: UInt64
    @usableFromInline let upperHigh: UInt64
    @usableFromInline let upperLow: UInt64
    @usableFromInline let lowerPort: UInt16
    @usableFromInline let upperPort: UInt16
    @usableFromInline let protocolKind: FlowProtocol
    @usableFromInline let isIPv6: Bool

    /// Sorts the endpoints of a packet.
    public static func of(
        source: IPAddress, sourcePort: Port, destination: IPAddress, destinationPort: Port, transport: Transport
    ) -> (key: FlowKey, direction: FlowDirection) {
        of(
            source: source, sourcePort: sourcePort, destination: destination, destinationPort: destinationPort,
            FlowProtocol(transport))
    }

    /// Sorts the endpoints of a packet, unless nobody answers its kind: then the sender comes first.
    public static func of(
        source: IPAddress, sourcePort: Port, destination: IPAddress, destinationPort: Port, _ protocolKind: FlowProtocol
    ) -> (key: FlowKey, direction: FlowDirection) {
        let (sourceHigh, sourceLow, isIPv6) = halves(source)
        let (destinationHigh, destinationLow, _) = halves(destination)
        return of(
            sourceHigh, sourceLow, sourcePort.rawValue, destinationHigh, destinationLow, destinationPort.rawValue,
            protocolKind, isIPv6: isIPv6)
    }

    /// The same for addresses as numbers: an IPv4 address is the lower half.
    @inline(__always)
    static func of(
        _ sourceHigh: UInt64, _ sourceLow: UInt64, _ sourcePort: UInt16, _ destinationHigh: UInt64,
        _ destinationLow: UInt64,
        _ destinationPort: UInt16, _ protocolKind: FlowProtocol, isIPv6: Bool
    ) -> (key: FlowKey, direction: FlowDirection) {
        let ascending =
            protocolKind.isOneWay
            ? true
            : sourceHigh != destinationHigh
                ? sourceHigh < destinationHigh
                : sourceLow != destinationLow
                    ? sourceLow < destinationLow
                    : sourcePort <= destinationPort
        if ascending {
            return (
                FlowKey(
                    lowerHigh: sourceHigh, lowerLow: sourceLow, upperHigh: destinationHigh, upperLow: destinationLow,
                    lowerPort: sourcePort, upperPort: destinationPort, protocolKind: protocolKind, isIPv6: isIPv6),
                .lowerToUpper
            )
        }
        return (
            FlowKey(
                lowerHigh: destinationHigh, lowerLow: destinationLow, upperHigh: sourceHigh, upperLow: sourceLow,
                lowerPort: destinationPort, upperPort: sourcePort, protocolKind: protocolKind, isIPv6: isIPv6),
            .upperToLower
        )
    }

    /// Sorts the endpoints of a TCP or UDP layer over the IP layer that carries it, straight from the packet's bytes.
    /// - Returns: nil where the ports or addresses are not there.
    static func of(_ layer: LayerRange, over network: LayerRange, _ record: RawSpan) -> (
        key: FlowKey, direction: FlowDirection
    )? {
        let start = Int(layer.start)
        guard start >= 0, Int(layer.end) <= record.byteCount, layer.end &- layer.start >= 8 else { return nil }
        let sourcePort = record.uint16(at: start)
        let destinationPort = record.uint16(at: start &+ 2)
        let addresses = Int(network.start)
        let transport: Transport = layer.kind == .tcp ? .tcp : .udp
        guard addresses >= 0 else { return nil }
        if network.kind == .ipv4 {
            guard addresses &+ 20 <= record.byteCount else { return nil }
            let source = UInt64(record.uint32(at: addresses &+ 12))
            let destination = UInt64(record.uint32(at: addresses &+ 16))
            return of(0, source, sourcePort, 0, destination, destinationPort, FlowProtocol(transport), isIPv6: false)
        }
        guard addresses &+ 40 <= record.byteCount else { return nil }
        let source = record.ipv6Address(at: addresses &+ 8)
        let destination = record.ipv6Address(at: addresses &+ 24)
        return of(
            source.high, source.low, sourcePort, destination.high, destination.low, destinationPort,
            FlowProtocol(transport), isIPv6: true)
    }

    private init(
        lowerHigh: UInt64, lowerLow: UInt64, upperHigh: UInt64, upperLow: UInt64, lowerPort: UInt16, upperPort: UInt16,
        protocolKind: FlowProtocol, isIPv6: Bool
    ) {
        self.lowerHigh = lowerHigh
        self.lowerLow = lowerLow
        self.upperHigh = upperHigh
        self.upperLow = upperLow
        self.lowerPort = lowerPort
        self.upperPort = upperPort
        self.protocolKind = protocolKind
        self.isIPv6 = isIPv6
    }

    private static func halves(_ address: IPAddress) -> (UInt64, UInt64, Bool) {
        switch address {
        case .v4(let address): (0, UInt64(address.rawValue), false)
        case .v6(let address): (address.high, address.low, true)
        }
    }

    /// The protocol, and for ICMP whether answers belong to it.
    public var flowProtocol: FlowProtocol { protocolKind }
    /// Addresses as numbers, in network order: for Community IDs.
    var addressHalves: (lowerHigh: UInt64, lowerLow: UInt64, upperHigh: UInt64, upperLow: UInt64) {
        (lowerHigh, lowerLow, upperHigh, upperLow)
    }
    /// Whether the addresses are IPv6.
    public var hasIPv6Addresses: Bool { isIPv6 }

    /// The endpoint that sorts first.
    public var lower: Endpoint { endpoint(lowerHigh, lowerLow, lowerPort) }
    /// The endpoint that sorts last.
    public var upper: Endpoint { endpoint(upperHigh, upperLow, upperPort) }

    private func endpoint(_ high: UInt64, _ low: UInt64, _ port: UInt16) -> Endpoint {
        Endpoint(
            isIPv6
                ? .v6(IPv6Address(high: high, low: low)) : .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low))),
            Port(port))
    }

    /// A hash that a hostile capture cannot aim at without knowing `seed`: two rounds of multiply and fold.
    @usableFromInline
    func hash(seed: UInt64) -> UInt64 {
        let ports =
            UInt64(lowerPort) << 32 | UInt64(upperPort) << 16 | UInt64(protocolKind.rawValue) << 1 | (isIPv6 ? 1 : 0)
        var value = Self.fold(lowerLow ^ seed, upperLow ^ 0x9e37_79b9_7f4a_7c15)
        value = Self.fold(value ^ ports, seed ^ 0xe703_7ed1_a0b4_28db)
        if isIPv6 { value = Self.fold(value ^ lowerHigh, upperHigh ^ 0x8ebc_6af0_9c88_c6e3 ^ seed) }
        return value
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b | 1)
        return product.high ^ product.low
    }
}

/// What a flow runs over.
///
/// ICMP has no ports; as in Zeek and the Community ID specification, a message's type stands for its sender's port and
/// the type that answers it for its receiver's. Messages that nobody answers are flows of one direction.
public enum FlowProtocol: UInt8, Hashable, Sendable {
    case tcp
    case udp
    case icmp
    case icmpv6
    case icmpOneWay
    case icmpv6OneWay

    /// The protocol of a transport with ports.
    public init(_ transport: Transport) { self = transport == .tcp ? .tcp : .udp }

    @usableFromInline var isOneWay: Bool { self == .icmpOneWay || self == .icmpv6OneWay }

    /// The number in the IP header.
    public var number: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .icmp, .icmpOneWay: 1
        case .icmpv6, .icmpv6OneWay: 58
        }
    }

    /// Zeek's name for it.
    public var name: StaticString {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmp, .icmpOneWay: "icmp"
        case .icmpv6, .icmpv6OneWay: "icmpv6"
        }
    }
}

/// Which way a packet went between the two endpoints of its `FlowKey`.
public enum FlowDirection: UInt8, Hashable, Sendable {
    case lowerToUpper
    case upperToLower

    /// The other way.
    @inline(__always) var opposite: FlowDirection { self == .lowerToUpper ? .upperToLower : .lowerToUpper }
}
