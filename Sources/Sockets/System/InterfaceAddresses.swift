import Addressing

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
    public let flags: InterfaceFlags
    public internal(set) var addresses: [InterfaceAddress]
}

/// An address of an interface with the length of its network's prefix.
public struct InterfaceAddress: Hashable, Sendable {
    public let address: IPAddress
    /// The prefix in bits; nil where the system gives no mask.
    public let prefixLength: Int?
    /// The interface's index for link-local IPv6 addresses, else 0.
    public let scope: UInt32
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
        var next = unsafe first
        while let entry = unsafe next?.pointee {
            unsafe next = entry.ifa_next
            let name = unsafe String(cString: entry.ifa_name)
            let place: Int
            if let known = interfaces.firstIndex(where: { $0.name == name }) {
                place = known
            } else {
                place = interfaces.count
                interfaces.append(NetworkInterface(
                    name: name, index: unsafe if_nametoindex(name),
                    flags: InterfaceFlags(rawValue: unsafe UInt32(truncatingIfNeeded: entry.ifa_flags)), addresses: []))
            }
            guard let pointer = unsafe entry.ifa_addr, let endpoint = unsafe SocketAddress(copying: pointer)?.endpoint else { continue }
            let mask = unsafe entry.ifa_netmask.flatMap { unsafe SocketAddress(copying: $0)?.endpoint?.address }
            interfaces[place].addresses.append(InterfaceAddress(
                address: endpoint.address, prefixLength: mask.map(prefixLength), scope: endpoint.scope))
        }
        return interfaces
    }

    private static func prefixLength(of mask: IPAddress) -> Int {
        switch mask {
        case .v4(let mask): (~mask.rawValue).leadingZeroBitCount
        case .v6(let mask):
            mask.high == .max ? 64 + (~mask.low).leadingZeroBitCount : (~mask.high).leadingZeroBitCount
        }
    }
}
