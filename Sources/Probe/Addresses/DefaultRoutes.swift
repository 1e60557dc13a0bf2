import Addressing

/// A way out of this machine's networks: the default gateway.
public struct DefaultRoute: Hashable, Sendable {
    /// nil: everything is said to be reachable directly on the interface (point-to-point links).
    public let gateway: IPAddress?
    /// The interface's name, `eth0`.
    public let interface: String
    /// The kernel takes the smallest.
    public let metric: UInt32

    /// A route as the kernel's tables have it.
    public init(gateway: IPAddress?, interface: String, metric: UInt32) {
        self.gateway = gateway
        self.interface = interface
        self.metric = metric
    }
}

/// Reads the default routes from the texts of /proc/net/route and /proc/net/ipv6_route (main table), smallest metric
/// first.
public enum DefaultRoutes {
    /// RTF_UP; RTF_REJECT marks routes that lead nowhere.
    private static let isUp: UInt32 = 0x1
    private static let rejects: UInt32 = 0x200

    /// Columns: interface, destination, gateway, flags, references, use, metric, mask; numbers hexadecimal, addresses
    /// in the machine's own byte order (little-endian on all that Swift runs on).
    public static func ipv4(_ lines: [String]) -> [DefaultRoute] {
        lines.dropFirst().compactMap { line in
            let columns = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            guard columns.count >= 8, UInt32(columns[1], radix: 16) == 0, UInt32(columns[7], radix: 16) == 0,
                let gateway = UInt32(columns[2], radix: 16), let flags = UInt32(columns[3], radix: 16),
                flags & isUp != 0, flags & rejects == 0
            else { return nil }
            let address = IPv4Address(rawValue: UInt32(bigEndian: gateway.littleEndian))
            return DefaultRoute(
                gateway: gateway == 0 ? nil : .v4(address), interface: String(columns[0]),
                metric: UInt32(columns[6]) ?? 0)
        }.sorted { $0.metric < $1.metric }
    }

    /// Columns: destination, its prefix, source, its prefix, next hop, metric, references, use, flags, interface; all
    /// hexadecimal, addresses in network order.
    public static func ipv6(_ lines: [String]) -> [DefaultRoute] {
        lines.compactMap { line in
            let columns = line.split(separator: " ")
            guard columns.count == 10, columns[0].allSatisfy({ $0 == "0" }), UInt8(columns[1], radix: 16) == 0,
                let gateway = address(columns[4]), let metric = UInt32(columns[5], radix: 16),
                let flags = UInt32(columns[8], radix: 16),
                flags & isUp != 0, flags & rejects == 0
            else { return nil }
            return DefaultRoute(
                gateway: gateway == .any ? nil : .v6(gateway), interface: String(columns[9]), metric: metric)
        }.sorted { $0.metric < $1.metric }
    }

    private static func address(_ text: Substring) -> IPv6Address? {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.dropFirst(16), radix: 16)
        else {
            return nil
        }
        return IPv6Address(high: high, low: low)
    }
}
