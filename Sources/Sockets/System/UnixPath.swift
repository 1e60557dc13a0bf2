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
    public let text: String

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
    var form: UnixAddress? {
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
    init?(_ address: UnixAddress) {
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
struct UnixAddress {
    fileprivate(set) var storage = sockaddr_un()
    fileprivate(set) var length = socklen_t(MemoryLayout<sockaddr_un>.size)

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

extension BerkeleySocket where Self: ~Copyable {
    /// bind(2) to a path. EADDRINUSE: there is such a file already.
    public func bind(to path: UnixPath) throws(SocketError) { try call(.bind, path) { systemBind(descriptor, $0) } }

    /// connect(2) to a path. ENOENT: no such file; ECONNREFUSED: nobody has it open.
    public func connect(to path: UnixPath) throws(SocketError) {
        try call(.connect, path) { systemConnect(descriptor, $0) }
    }

    /// sendto(2): one datagram to a path.
    public func sendto(_ bytes: Span<UInt8>, _ path: UnixPath, _ flags: MessageFlags = []) throws(SocketError) {
        guard let address = path.form else { throw Self.tooLong(.sendto, path) }
        let arguments = [.bytes(bytes.count), flags.argument, CallArgument(path.text)].compactMap(\.self)
        let outcome = perform(CallRequest(.sendto, .list(arguments))) {
            systemSendTo(descriptor, bytes, address, flags.rawValue)
        }
        guard outcome.succeeded else { throw SocketError(.sendto, outcome.code, subject: path.text) }
    }

    /// recvfrom(2): one datagram and the path of its sender; nil if that one has none, and so cannot be answered.
    public func recvfromPath(_ count: Int) throws(SocketError) -> (bytes: [UInt8], path: UnixPath?) {
        var buffer = [UInt8](repeating: 0, count: max(0, count))
        var address = UnixAddress()
        let outcome = perform(CallRequest(.recvfrom, .one(.number(count)))) {
            var span = buffer.mutableSpan
            return systemReceiveFrom(descriptor, &span, &address)
        }
        guard outcome.succeeded else { throw SocketError(.recvfrom, outcome.code) }
        buffer.removeLast(buffer.count - min(outcome.value, buffer.count))
        return (buffer, UnixPath(address))
    }

    private func call(_ name: SocketCall.Name, _ path: UnixPath, _ body: (UnixAddress) -> CallOutcome)
        throws(SocketError)
    {
        guard let address = path.form else { throw Self.tooLong(name, path) }
        let outcome = perform(CallRequest(name, .one(CallArgument(path.text)))) { body(address) }
        guard outcome.succeeded else { throw SocketError(name, outcome.code, subject: path.text) }
    }

    private static func tooLong(_ name: SocketCall.Name, _ path: UnixPath) -> SocketError {
        SocketError(name, ENAMETOOLONG, subject: path.text)
    }
}

private func systemBind(_ descriptor: Int32, _ address: UnixAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(bind(descriptor, $0, $1)) } }
}

private func systemConnect(_ descriptor: Int32, _ address: UnixAddress) -> CallOutcome {
    retrying { unsafe address.withPointer { unsafe Int(connect(descriptor, $0, $1)) } }
}

private func systemSendTo(_ descriptor: Int32, _ bytes: Span<UInt8>, _ address: UnixAddress, _ flags: Int32)
    -> CallOutcome
{
    unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe address.withPointer { pointer, length in
            retrying { unsafe sendto(descriptor, buffer.baseAddress, buffer.count, noSignal | flags, pointer, length) }
        }
    }
}

private func systemReceiveFrom(_ descriptor: Int32, _ buffer: inout MutableSpan<UInt8>, _ address: inout UnixAddress)
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
