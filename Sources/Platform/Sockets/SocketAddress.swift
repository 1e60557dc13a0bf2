import Addressing
import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The kernel's form of an endpoint: a `sockaddr_in` or `sockaddr_in6` inside a `sockaddr_storage`. The only place that
/// knows how those are laid out.
public struct SocketAddress {
    private(set) var storage = sockaddr_storage()
    private(set) var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Room for an address that a call fills in.
    init() {}

    /// The form of an endpoint.
    public init(_ endpoint: Endpoint) {
        switch endpoint.address {
        case .v4(let address):
            var form = sockaddr_in()
            form.sin_family = sa_family_t(AF_INET)
            form.sin_port = endpoint.port.rawValue.bigEndian
            form.sin_addr.s_addr = address.rawValue.bigEndian
            #if canImport(Darwin)
                form.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
            #endif
            store(form)
        case .v6(let address):
            var form = sockaddr_in6()
            form.sin6_family = sa_family_t(AF_INET6)
            form.sin6_port = endpoint.port.rawValue.bigEndian
            form.sin6_scope_id = endpoint.scope
            #if canImport(Darwin)
                form.sin6_len = UInt8(MemoryLayout<sockaddr_in6>.size)
            #endif
            unsafe withUnsafeMutableBytes(of: &form.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
                unsafe bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            store(form)
        }
    }

    /// Copies an address that the system hands out by pointer (getifaddrs). Its family says how long it is.
    init?(copying pointer: UnsafePointer<sockaddr>) {
        switch Int32(unsafe pointer.pointee.sa_family) {
        case AF_INET: length = socklen_t(MemoryLayout<sockaddr_in>.size)
        case AF_INET6: length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        default: return nil
        }
        let source = unsafe UnsafeRawBufferPointer(start: pointer, count: Int(length))
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: source) }
    }

    /// The endpoint in it; nil for another family or when it is too short for the family that it names (0 bytes: none).
    var endpoint: Endpoint? {
        guard Int(length) >= MemoryLayout<sockaddr>.size else { return nil }
        return unsafe withUnsafeBytes(of: storage) { bytes -> Endpoint? in
            switch Int32(storage.ss_family) {
            case AF_INET where Int(length) >= MemoryLayout<sockaddr_in>.size:
                let form = unsafe bytes.loadUnaligned(as: sockaddr_in.self)
                return Endpoint(
                    .v4(IPv4Address(rawValue: UInt32(bigEndian: form.sin_addr.s_addr))),
                    Port(UInt16(bigEndian: form.sin_port)))
            case AF_INET6 where Int(length) >= MemoryLayout<sockaddr_in6>.size:
                let form = unsafe bytes.loadUnaligned(as: sockaddr_in6.self)
                let (high, low) = unsafe withUnsafeBytes(of: form.sin6_addr) {
                    (
                        unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                        unsafe UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                    )
                }
                return Endpoint(
                    .v6(IPv6Address(high: high, low: low)), Port(UInt16(bigEndian: form.sin6_port)),
                    scope: form.sin6_scope_id)
            default:
                return nil
            }
        }
    }

    /// Lends the address to a call that reads it.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    /// Lends the room to a call that fills it in and says how much of it is used.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { address in
            unsafe withUnsafeMutablePointer(to: &length) { length in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
            }
        }
    }

    private mutating func store<Form>(_ form: Form) {
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: form, as: Form.self) }
        length = socklen_t(MemoryLayout<Form>.size)
    }
}
