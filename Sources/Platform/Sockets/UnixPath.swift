import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The address of an AF_UNIX socket, unix(7): a path in the file system. On Linux a name that begins with `@` is one of
/// the abstract namespace, as ss(8) writes it: no file, and gone with its socket.
public struct UnixPath: Hashable, Sendable {
    /// The path, or the abstract name behind an `@`.
    public let text: String

    /// A path as the user writes it; whether it fits is said by the call that uses it (ENAMETOOLONG).
    public init(_ text: String) { self.text = text }

    /// A path for a datagram client, which must have one to be answered. On Linux an abstract name: a file would be
    /// left behind by a client that is ended with a signal. Elsewhere a file beside the server's, where whoever may
    /// write there can be answered.
    public static func ofClient(of server: UnixPath, number: UInt32) -> UnixPath {
        #if canImport(Darwin)
            UnixPath("\(server.text).client-\(number)")
        #else
            UnixPath("@netprobe-client-\(number)")
        #endif
    }

    /// How many octets sun_path holds.
    static let room = MemoryLayout<sockaddr_un>.size - (MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2)

    /// The kernel's form; nil if the path is too long for it, or empty.
    public var form: UnixAddress? {
        var bytes = Array(text.utf8)
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        guard !bytes.isEmpty, bytes.count < Self.room, isAbstract || !bytes.contains(0) else { return nil }
        var address = UnixAddress()
        address.storage.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.storage.sun_path) { unsafe $0.copyBytes(from: bytes) }
        // A path ends at its 0, which is there already; an abstract name at the address's length.
        address.length = socklen_t(MemoryLayout<sockaddr_un>.size - Self.room + bytes.count + (isAbstract ? 0 : 1))
        return address
    }

    /// Reads what a call filled in; nil for a socket without a name.
    public init?(_ address: UnixAddress) {
        let count = Int(address.length) - (MemoryLayout<sockaddr_un>.size - Self.room)
        guard address.storage.sun_family == sa_family_t(AF_UNIX), count > 0 else { return nil }
        var bytes = unsafe withUnsafeBytes(of: address.storage.sun_path) {
            unsafe Array($0.prefix(min(count, Self.room)))
        }
        if bytes[0] == 0 { bytes[0] = UInt8(ascii: "@") } else { bytes = Array(bytes.prefix { $0 != 0 }) }
        if bytes == [UInt8(ascii: "@")] { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }
}

/// A `sockaddr_un`, as `SocketAddress` is for the other families.
public struct UnixAddress {
    fileprivate(set) var storage = sockaddr_un()
    fileprivate(set) var length = socklen_t(MemoryLayout<sockaddr_un>.size)

    /// Room for an address that a call fills in.
    public init() {}

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        unsafe withUnsafePointer(to: storage) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &storage) { address in
            unsafe withUnsafeMutablePointer(to: &length) { length in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
            }
        }
    }
}

/// bind(2) to a path.
public func systemBind(_ descriptor: Int32, _ address: UnixAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(bind(descriptor, $0, $1)) } }
}

/// connect(2) to a path.
public func systemConnect(_ descriptor: Int32, _ address: UnixAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(connect(descriptor, $0, $1)) } }
}

/// sendto(2): one datagram to a path.
public func systemSendTo(_ descriptor: Int32, _ bytes: Span<UInt8>, _ address: UnixAddress, _ flags: Int32)
    -> CallOutcome
{
    unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe address.withPointer { pointer, length in
            retrying { unsafe sendto(descriptor, buffer.baseAddress, buffer.count, noSignal | flags, pointer, length) }
        }
    }
}

/// recvfrom(2): one datagram and the path of its sender.
public func systemReceiveFrom(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>, _ address: inout UnixAddress)
    -> CallOutcome
{
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        retrying {
            unsafe address.withMutablePointer {
                unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, $1)
            }
        }
    }
}
