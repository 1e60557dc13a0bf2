import Addressing

/// A message of IPv6's neighbour discovery, owned (RFC 4861 section 4): who is on the link, and by which router it is
/// left.
public enum NeighbourDiscovery: Hashable, Sendable {
    /// Is a router there?
    case routerSolicitation(link: MACAddress?)
    case routerAdvertisement(RouterAdvertisement)
    /// Who has this address? `link` is the asker's own.
    case neighbourSolicitation(target: IPv6Address, link: MACAddress?)
    /// I have it; `isSolicited` where somebody had asked.
    case neighbourAdvertisement(target: IPv6Address, link: MACAddress?, isSolicited: Bool)
    /// There is a better first hop to a destination.
    case redirect(target: IPv6Address, destination: IPv6Address)

    /// nil where a layer is no such message, or is cut.
    public init?(_ layer: LayerRange, _ record: RawSpan) {
        guard layer.kind == .icmpv6, let message = try? ICMPv6Message(record.extracting(layer.range)),
            let start = NeighbourOptions.start(message.type), message.bytes.byteCount >= start
        else { return nil }
        let bytes = message.bytes
        switch message.type {
        case 133: self = .routerSolicitation(link: Self.link(message, option: 1))
        case 134: self = .routerAdvertisement(RouterAdvertisement(message))
        case 135:
            self = .neighbourSolicitation(target: bytes.ipv6Address(at: 8), link: Self.link(message, option: 1))
        case 136:
            self = .neighbourAdvertisement(
                target: bytes.ipv6Address(at: 8), link: Self.link(message, option: 2),
                isSolicited: bytes.uint8(at: 4) & 0x40 != 0)
        case 137: self = .redirect(target: bytes.ipv6Address(at: 8), destination: bytes.ipv6Address(at: 24))
        default: return nil
        }
    }

    /// The source's (1) or target's (2) link-layer address (RFC 4861 section 4.6.1).
    private static func link(_ message: borrowing ICMPv6Message, option kind: UInt8) -> MACAddress? {
        var options = NeighbourOptions(message)
        while let option = options.next() {
            if option.type == kind, option.range.count >= 8 {
                return message.bytes.macAddress(at: option.range.lowerBound + 2)
            }
        }
        return nil
    }
}

/// What a router tells the hosts on its link (RFC 4861 section 4.2).
public struct RouterAdvertisement: Hashable, Sendable {
    /// In seconds: so long it may be used as default router; 0 for not at all.
    public let lifetime: UInt16
    /// Whether hosts are to get their addresses, or other settings alone, by DHCPv6.
    public let isManaged: Bool
    /// Whether settings other than addresses come by DHCPv6.
    public let hasOtherSettings: Bool
    /// Networks on this link, at most eight.
    public private(set) var prefixes: [Prefix] = []
    /// The link's MTU, where the router says one.
    public private(set) var mtu: UInt32?

    /// A network on the link (RFC 4861 section 4.6.2).
    public struct Prefix: Hashable, Sendable {
        /// The network's address.
        public let address: IPv6Address
        /// How many bits of it are the network's.
        public let length: UInt8
        /// Whether hosts may make their own addresses in it (RFC 4862).
        public let isAutonomous: Bool
    }

    private static let mostPrefixes = 8

    init(_ message: borrowing ICMPv6Message) {
        let bytes = message.bytes
        isManaged = bytes.uint8(at: 5) & 0x80 != 0
        hasOtherSettings = bytes.uint8(at: 5) & 0x40 != 0
        lifetime = bytes.uint16(at: 6)
        var options = NeighbourOptions(message)
        while let option = options.next() {
            let start = option.range.lowerBound
            switch (option.type, option.range.count) {
            case (3, 32...) where prefixes.count < Self.mostPrefixes:
                prefixes.append(
                    Prefix(
                        address: bytes.ipv6Address(at: start + 16), length: bytes.uint8(at: start + 2),
                        isAutonomous: bytes.uint8(at: start + 3) & 0x40 != 0))
            case (5, 8...): mtu = bytes.uint32(at: start + 4)
            default: break
            }
        }
    }
}
