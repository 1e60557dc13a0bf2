import Addressing
import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One interface of this machine and its addresses.
public struct NetworkInterface: Hashable, Sendable {
    /// As the system says it; escape it before it goes to a terminal.
    public let name: String
    /// The number that IPv6 scopes use; 0 when the interface went away meanwhile.
    public let index: UInt32
    /// What it is and in which state.
    public let flags: InterfaceFlags
    /// The link-layer address, six octets (a MAC address) for Ethernet and Wi-Fi; empty where there is none.
    public internal(set) var hardwareAddress: [UInt8]
    /// In the system's order; empty where it has none.
    public internal(set) var addresses: [InterfaceAddress]

    /// An interface by its parts, as tests make it.
    public init(
        name: String, index: UInt32, flags: InterfaceFlags, hardwareAddress: [UInt8] = [],
        addresses: [InterfaceAddress] = []
    ) {
        self.name = name
        self.index = index
        self.flags = flags
        self.hardwareAddress = hardwareAddress
        self.addresses = addresses
    }
}

/// An address of an interface with the length of its network's prefix.
public struct InterfaceAddress: Hashable, Sendable {
    /// The address itself.
    public let address: IPAddress
    /// The prefix in bits; nil where the system gives no mask.
    public let prefixLength: Int?
    /// The interface's index for link-local IPv6 addresses, else 0.
    public let scope: UInt32
    /// Where a packet to all machines of the network goes (RFC 919).
    public let broadcast: IPAddress?
    /// The other end of a point-to-point link.
    public let peer: IPAddress?
    /// The name that the address was given, such as `eth0:1`, where it is not the interface's own.
    public let label: String?

    /// An address by its parts, as tests make it.
    public init(
        _ address: IPAddress, prefixLength: Int?, scope: UInt32 = 0, broadcast: IPAddress? = nil,
        peer: IPAddress? = nil, label: String? = nil
    ) {
        self.address = address
        self.prefixLength = prefixLength
        self.scope = scope
        self.broadcast = broadcast
        self.peer = peer
        self.label = label
    }
}

/// What getifaddrs(3) lists.
public enum InterfaceAddresses {
    /// All interfaces in the system's order, those without an address too.
    public static func all() throws(SocketError) -> [NetworkInterface] {
        var first: UnsafeMutablePointer<ifaddrs>?
        let outcome = retrying { unsafe Int(getifaddrs(&first)) }
        guard outcome.succeeded else { throw SocketError("getifaddrs", outcome.code) }
        defer { unsafe freeifaddrs(first) }

        var interfaces: [NetworkInterface] = []
        var places: [String: Int] = [:]
        var next = unsafe first
        while let entry = unsafe next?.pointee {
            unsafe next = entry.ifa_next
            // An address can have a label, `eth0:1`, and getifaddrs gives that for its name; no interface's own has a
            // colon.
            let label = unsafe String(cString: entry.ifa_name)
            let name = String(label.prefix { $0 != ":" })
            let place = places[name] ?? interfaces.count
            if place == interfaces.count {
                places[name] = place
                interfaces.append(
                    NetworkInterface(
                        name: name, index: unsafe if_nametoindex(name),
                        flags: InterfaceFlags(rawValue: unsafe UInt32(truncatingIfNeeded: entry.ifa_flags))))
            }
            guard let pointer = unsafe entry.ifa_addr else { continue }
            if let endpoint = unsafe SocketAddress(copying: pointer)?.endpoint {
                interfaces[place].addresses.append(
                    unsafe address(endpoint, entry, interfaces[place].flags, label: label == name ? nil : label))
            } else {
                var bytes = [UInt8](repeating: 0, count: 32)
                let count = unsafe Int(netshims_hardware_address(pointer, &bytes, bytes.count))
                // All zeros is loopback's way to say that it has none.
                if count > 0, bytes.contains(where: { $0 != 0 }) {
                    interfaces[place].hardwareAddress = Array(bytes.prefix(count))
                }
            }
        }
        return interfaces
    }

    private static func address(_ endpoint: Endpoint, _ entry: ifaddrs, _ flags: InterfaceFlags, label: String?)
        -> InterfaceAddress
    {
        let mask = unsafe entry.ifa_netmask.flatMap { unsafe SocketAddress(copying: $0)?.endpoint?.address }
        #if canImport(Darwin)
            let other = unsafe entry.ifa_dstaddr
        #else
            let other = unsafe entry.ifa_ifu.ifu_dstaddr
        #endif
        let otherAddress = unsafe other.flatMap { unsafe SocketAddress(copying: $0)?.endpoint?.address }
        var (broadcast, peer): (IPAddress?, IPAddress?)
        // One field for two things. Linux lets an address of an Ethernet have a peer too, so the interface's flags do
        // not tell which it is; a broadcast address has only ones after the prefix.
        if let otherAddress, otherAddress != endpoint.address, !otherAddress.isUnspecified {
            if !flags.contains(.pointToPoint), isBroadcast(otherAddress, mask) {
                broadcast = otherAddress
            } else {
                peer = otherAddress
            }
        }
        return InterfaceAddress(
            endpoint.address, prefixLength: mask.map(prefixLength), scope: endpoint.scope, broadcast: broadcast,
            peer: peer, label: label)
    }

    private static func isBroadcast(_ address: IPAddress, _ mask: IPAddress?) -> Bool {
        guard case .v4(let address) = address, case .v4(let mask)? = mask else { return false }
        return mask.rawValue != .max && address.rawValue | mask.rawValue == .max
    }

    private static func prefixLength(of mask: IPAddress) -> Int {
        switch mask {
        case .v4(let mask): (~mask.rawValue).leadingZeroBitCount
        case .v6(let mask):
            mask.high == .max ? 64 + (~mask.low).leadingZeroBitCount : (~mask.high).leadingZeroBitCount
        }
    }
}
