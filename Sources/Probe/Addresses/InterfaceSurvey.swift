import Addressing
import Sockets

/// The interfaces of this machine, what the kernel counts on them, and the way to the Internet.
public struct InterfaceSurvey: Sendable {
    /// Every interface with its flags and addresses, as getifaddrs(3) tells.
    public var interfaces: [NetworkInterface]
    /// By interface index; empty where the system does not tell.
    public var links: [UInt32: LinkFacts]
    /// By name.
    public var mtus: [String: Int]
    /// The IPv4 default routes, smallest metric first.
    public var routesIPv4: [DefaultRoute]
    /// The IPv6 default routes, smallest metric first.
    public var routesIPv6: [DefaultRoute]
    /// The address from which this machine would reach the Internet; nil where it has no route there.
    public var sourceIPv4: IPAddress?
    /// The same for IPv6.
    public var sourceIPv6: IPAddress?

    /// A survey put together from its parts; what the system does not tell stays empty.
    public init(
        interfaces: [NetworkInterface], links: [UInt32: LinkFacts] = [:], mtus: [String: Int] = [:],
        routesIPv4: [DefaultRoute] = [],
        routesIPv6: [DefaultRoute] = [], sourceIPv4: IPAddress? = nil, sourceIPv6: IPAddress? = nil
    ) {
        self.interfaces = interfaces
        self.links = links
        self.mtus = mtus
        self.routesIPv4 = routesIPv4
        self.routesIPv6 = routesIPv6
        self.sourceIPv4 = sourceIPv4
        self.sourceIPv6 = sourceIPv6
    }

    /// A root name server, for both families. Nothing is sent there: a datagram socket's connect only looks the route
    /// up.
    public static let somewhere = [
        Endpoint(.v4(IPv4Address(198, 41, 0, 4)), 53),
        Endpoint(.v6(IPv6Address(high: 0x2001_0503_ba3e_0000, low: 0x0002_0030)), 53),
    ]

    /// Looks at this machine.
    /// - Throws: what getifaddrs says. What else cannot be read is left out.
    public static func take() throws(SocketError) -> InterfaceSurvey {
        let interfaces = try InterfaceAddresses.all()
        let links = (try? LinkTable.all()) ?? [:]
        var mtus: [String: Int] = [:]
        for interface in interfaces {
            mtus[interface.name] = links[interface.index]?.mtu ?? (try? InterfaceControl.mtu(of: interface.name))
        }
        return InterfaceSurvey(
            interfaces: interfaces, links: links, mtus: mtus,
            routesIPv4: DefaultRoutes.ipv4(SystemFile.lines("/proc/net/route")),
            routesIPv6: DefaultRoutes.ipv6(SystemFile.lines("/proc/net/ipv6_route")),
            sourceIPv4: Socket.sourceAddress(toward: somewhere[0]),
            sourceIPv6: Socket.sourceAddress(toward: somewhere[1]))
    }

    /// The interface that has an address.
    public func interface(having address: IPAddress) -> NetworkInterface? {
        interfaces.first { $0.addresses.contains { $0.address == address } }
    }

    /// Whether this machine reaches the Internet from an address.
    public func reachesInternet(from address: IPAddress) -> Bool { address == sourceIPv4 || address == sourceIPv6 }

    /// Keeps only the addresses of one family.
    public func only(_ family: AddressFamily) -> InterfaceSurvey {
        var result = self
        result.interfaces = interfaces.map { interface in
            NetworkInterface(
                name: interface.name, index: interface.index, flags: interface.flags,
                hardwareAddress: interface.hardwareAddress,
                addresses: interface.addresses.filter { AddressFamily(of: $0.address) == family })
        }
        if family == .ipv4 {
            (result.routesIPv6, result.sourceIPv6) = ([], nil)
        } else {
            (result.routesIPv4, result.sourceIPv4) = ([], nil)
        }
        return result
    }
}
