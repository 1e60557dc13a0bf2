import Addressing
import Capture
import Sockets
import SystemPackage

/// Two hosts that exist only inside this process's network namespace, and the wire between them.
///
///      client                    the middle                    server
///     ┌──────────────┐      ┌───────────────────┐      ┌──────────────┐
///     │ 10.0.0.1  eth0 ─────── client    server ─────── eth0  10.0.0.2 │
///     │ fd00::1      │      │     forwarder     │      │      fd00::2 │
///     └──────────────┘      └───────────────────┘      └──────────────┘
///
/// Each host is a network namespace, its eth0 one end of a veth pair with an MTU of 1500 and without offloads: segments
/// are those of the textbook and their checksums correct. Where the wire does nothing to frames there is no middle: the
/// two eth0 are each other's far end.
///
/// Needs the rights that `Sandbox` gives. Everything is gone when this object and what was made inside the hosts are.
public final class TwoHostWire: Sendable {
    /// One of the two.
    public struct Host: Sendable {
        /// `client` or `server`.
        public let name: String
        /// Its IPv4 address.
        public let ipv4: IPv4Address
        /// Its IPv6 address.
        public let ipv6: IPv6Address
        /// Its interface's Ethernet address.
        public let hardwareAddress: MACAddress
        private let index: UInt32
        private let namespace: NetworkNamespace

        fileprivate init(name: String, number: UInt8, _ namespace: NetworkNamespace) {
            self.name = name
            ipv4 = TwoHostWire.ipv4(number)
            ipv6 = TwoHostWire.ipv6(number)
            hardwareAddress = MACAddress(rawValue: 0x0200_0000_0000 | UInt64(number))
            index = 10 + UInt32(number)
            self.namespace = namespace
        }

        /// Both of its IP addresses.
        public var addresses: [IPAddress] { [.v4(ipv4), .v6(ipv6)] }

        /// The calling thread is on this host from now on: sockets that it makes and programs that it starts are its.
        public func enter() throws(SocketError) { try namespace.enter() }

        /// Runs something on this host and brings the calling thread back.
        public func inside<Result>(_ body: () throws -> Result) throws -> Result { try namespace.inside(body) }

        fileprivate var end: VirtualLinks.End {
            VirtualLinks.End(
                name: TwoHostWire.interface, index: index, hardwareAddress: hardwareAddress, namespace: namespace)
        }

        fileprivate func setUp() throws(WireError) {
            try wired {
                try inside {
                    try InterfaceControl.bringUp("lo")
                    try TwoHostWire.prepare(TwoHostWire.interface)
                    try VirtualLinks.add(.v4(ipv4), prefixLength: 24, to: TwoHostWire.interface)
                    try addIPv6()
                    Self.doubleSYNTimeouts()
                }
            }
        }

        /// Linux repeats a SYN four times at the same distance before it doubles the timer (tcp_syn_linear_timeouts,
        /// since 6.5). These hosts do as RFC 6298 section 5.5 has it, and as every other system does: 1, 3, 7 s. A
        /// kernel without the setting does so anyway.
        private static func doubleSYNTimeouts() {
            let path = FilePath("/proc/sys/net/ipv4/tcp_syn_linear_timeouts")
            guard let setting = try? FileDescriptor.open(path, .writeOnly) else { return }
            _ = try? setting.writeAll("0".utf8)
            try? setting.close()
        }

        /// A kernel without IPv6 has hosts without it.
        private func addIPv6() throws(SocketError) {
            do throws(SocketError) {
                try VirtualLinks.add(.v6(ipv6), prefixLength: 64, to: TwoHostWire.interface)
            } catch {
                guard error.code == .notSupported || error.code == .addressFamilyNotSupported else { throw error }
            }
        }
    }

    /// 10.0.0.0/24 and fd00::/64.
    private static func ipv4(_ number: UInt8) -> IPv4Address { IPv4Address(rawValue: 0x0a00_0000 | UInt32(number)) }
    private static func ipv6(_ number: UInt8) -> IPv6Address { IPv6Address(high: 0xfd00 << 48, low: UInt64(number)) }
    /// The server host's IPv4 address.
    public static var serverIPv4: IPv4Address { ipv4(2) }
    /// The server host's IPv6 address.
    public static var serverIPv6: IPv6Address { ipv6(2) }

    /// What each host's interface is called.
    public static let interface = "eth0"
    /// In octets, without the Ethernet header.
    public static let mtu = 1500

    /// The host that clients run on.
    public let client: Host
    /// The host that servers run on.
    public let server: Host
    /// What the wire does to frames.
    public let impairments: Impairments
    private let forwarder: Forwarder?

    /// Lays the wire.
    ///
    /// - Parameter clock: the one that stamps packets too.
    public init(_ impairments: Impairments, clock: @escaping @Sendable () -> Timestamp) throws(WireError) {
        self.impairments = impairments
        let client = Host(
            name: "client", number: 1, try socketed { () throws(SocketError) in try NetworkNamespace.make() })
        let server = Host(
            name: "server", number: 2, try socketed { () throws(SocketError) in try NetworkNamespace.make() })
        self.client = client
        self.server = server
        if impairments.isNone {
            try Self.joinDirectly(client, server)
            forwarder = nil
        } else {
            try Self.joinThroughMiddle(client, server)
            forwarder = try Forwarder(client: client.name, server: server.name, impairments, clock: clock)
        }
    }

    /// Where the programs of one end run.
    public func host(of end: SocketCall.End) -> Host {
        end.program.rawValue.hasPrefix(SocketCall.End.server.rawValue) ? server : client
    }

    private static func joinDirectly(_ client: Host, _ server: Host) throws(WireError) {
        try socketed { () throws(SocketError) in try VirtualLinks.makePair(client.end, server.end, mtu: mtu) }
        for host in [client, server] { try host.setUp() }
        for host in [client, server] { try wired { try host.inside { try waitForCarrier(interface) } } }
    }

    private static func joinThroughMiddle(_ client: Host, _ server: Host) throws(WireError) {
        try wired {
            let middle = try NetworkNamespace.current()
            for (host, number) in [(client, 1 as UInt32), (server, 2)] {
                let near = VirtualLinks.End(
                    name: host.name, index: 20 + number,
                    hardwareAddress: MACAddress(rawValue: 0x0200_0000_0100 | UInt64(number)),
                    namespace: middle)
                try VirtualLinks.makePair(near, host.end, mtu: mtu)
                try prepare(host.name)
                try host.setUp()
            }
            for host in [client, server] {
                try host.inside { try waitForCarrier(interface) }
                try waitForCarrier(host.name)
            }
        }
    }

    /// No offloads, no address of its own, on.
    private static func prepare(_ interface: String) throws(SocketError) {
        try InterfaceControl.switchOffloadsOff(of: interface)
        try VirtualLinks.makeNoOwnAddress(on: interface)
        try InterfaceControl.bringUp(interface)
    }

    /// Both ends of a link must be on before either carries anything, and Linux notices that a moment later.
    private static func waitForCarrier(_ interface: String) throws {
        for _ in 0..<3000 {
            if try InterfaceControl.flags(of: interface).contains([.up, .running]) { return }
            SystemThread<Void>.sleep(nanoseconds: 1_000_000)
        }
        throw WireError.other("the wire between two hosts cannot be laid: \(interface) did not come up within 3 s")
    }

    /// Frames that the forwarder holds right now.
    public var underWay: Int { forwarder?.underWay ?? 0 }

    /// Takes the forwarder off the wire and gives what it did; nil where there is none. Frames still under way are
    /// gone.
    public func stop() throws(WireError) -> WireLog? { try forwarder?.stop() }
}

/// Why there is no wire, or none any more.
public enum WireError: Error, Sendable, CustomStringConvertible {
    case socket(SocketError)
    case capture(CaptureDeviceError)
    /// Not Linux, or a libpcap without descriptors to wait for.
    case unsupported
    case other(String)

    public var description: String {
        switch self {
        case .socket(let error): "the wire between two hosts cannot be laid: \(error)"
        case .capture(let error): "the wire between two hosts cannot be used: \(error)"
        case .unsupported: "a wire between two hosts needs Linux's network namespaces"
        case .other(let message): message
        }
    }
}

private func socketed<Result>(_ body: () throws(SocketError) -> Result) throws(WireError) -> Result {
    do throws(SocketError) { return try body() } catch { throw .socket(error) }
}

/// Runs what may throw errors of several kinds.
func wired<Result>(_ body: () throws -> Result) throws(WireError) -> Result {
    do { return try body() } catch let error as SocketError { throw .socket(error) } catch let error
        as CaptureDeviceError
    {
        throw .capture(error)
    } catch let error as WireError { throw error } catch { throw .other("\(error)") }
}
