import Addressing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What gethostbyname(3) fills into a `struct hostent`.
public struct HostEntry: Hashable, Sendable {
    /// h_name, the canonical name. Names come from whoever answered: escape them before they go to a terminal.
    public let name: String
    /// h_aliases.
    public let aliases: [String]
    /// h_addr_list.
    public let addresses: [IPAddress]

    /// An entry by its parts.
    public init(name: String, aliases: [String], addresses: [IPAddress]) {
        self.name = name
        self.aliases = aliases
        self.addresses = addresses
    }
}

/// What getaddrinfo(3) gives: endpoints in the order in which they should be tried (RFC 6724).
public struct AddressList: Hashable, Sendable {
    /// ai_canonname of the first.
    public let canonicalName: String?
    /// Each once, in the resolver's order.
    public let endpoints: [Endpoint]

    /// A list by its parts.
    public init(canonicalName: String?, endpoints: [Endpoint]) {
        self.canonicalName = canonicalName
        self.endpoints = endpoints
    }
}

/// Names to addresses and back, through the system's resolver. These calls block for as long as the resolver wants: run
/// them in a `BackgroundCall`.
public enum HostLookup {
    /// gethostname(2): what this machine calls itself.
    public static func ownName() throws(SocketError) -> String {
        var outcome = CallOutcome(value: 0)
        let name = unsafe textFilledIn(256) { room, count in
            outcome = retrying { unsafe Int(gethostname(room, count - 1)) }
        }
        guard outcome.succeeded else { throw SocketError("gethostname", outcome.code) }
        return name
    }

    /// gethostbyname(3): IPv4 only. On Linux in its reentrant form, which differs in nothing else.
    public static func entry(of name: String) -> Result<HostEntry, ResolverError> {
        #if canImport(Darwin)
            guard let found = unsafe gethostbyname(name) else {
                return .failure(ResolverError(hostError: h_errno, errno: errno))
            }
            return .success(unsafe copy(found.pointee))
        #else
            // The room for the answer grows until it fits; a megabyte holds 60,000 addresses.
            var size = 1024
            while true {
                var room = [CChar](repeating: 0, count: size)
                var form = unsafe hostent()
                var found: UnsafeMutablePointer<hostent>?
                var hostError: Int32 = 0
                let answer: Result<HostEntry, ResolverError>? = unsafe room.withUnsafeMutableBufferPointer { room in
                    guard let base = room.baseAddress else { return nil }
                    let code = unsafe gethostbyname_r(name, &form, base, room.count, &found, &hostError)
                    if code == ERANGE { return nil }
                    guard code == 0, let found = unsafe found else {
                        return .failure(ResolverError(hostError: hostError, errno: code))
                    }
                    return unsafe .success(copy(found.pointee))
                }
                if let answer { return answer }
                if size >= 1 << 20 { return .failure(ResolverError(hostError: -1, errno: ERANGE)) }
                size *= 4
            }
        #endif
    }

    /// getaddrinfo(3).
    ///
    /// - Parameters:
    ///   - name: a name or an address, `fe80::1%eth0` too.
    ///   - service: a port's number or name; nil leaves the port 0.
    ///   - family: nil is both.
    public static func addresses(
        of name: String, service: String? = nil, family: AddressFamily? = nil, kind: SocketKind = .stream
    ) -> Result<AddressList, ResolverError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = Int32(truncatingIfNeeded: AI_CANONNAME)
        unsafe hints.ai_family = family?.number ?? AF_UNSPEC
        unsafe hints.ai_socktype = kind.number
        var first: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, service, &hints, &first)
        let errorNumber = errno
        guard code == 0 else { return .failure(ResolverError("getaddrinfo", addressInfo: code, errno: errorNumber)) }
        defer { unsafe freeaddrinfo(first) }
        let canonical = unsafe first?.pointee.ai_canonname.flatMap { unsafe String(cString: $0) }
        var endpoints: [Endpoint] = []
        var next = unsafe first
        while let entry = unsafe next?.pointee {
            unsafe next = entry.ai_next
            if let pointer = unsafe entry.ai_addr, let endpoint = unsafe SocketAddress(copying: pointer)?.endpoint,
                !endpoints.contains(endpoint)
            {
                endpoints.append(endpoint)
            }
        }
        return .success(AddressList(canonicalName: canonical, endpoints: endpoints))
    }

    /// getnameinfo(3): the name of an address; an error where it has none.
    public static func name(of endpoint: Endpoint) -> Result<String, ResolverError> {
        let address = SocketAddress(endpoint)
        var (code, errorNumber): (Int32, Int32) = (0, 0)
        let name = unsafe textFilledIn(1025) { room, count in
            unsafe address.withPointer { pointer, length in
                code = unsafe getnameinfo(pointer, length, room, socklen_t(count), nil, 0, NI_NAMEREQD)
                errorNumber = errno
            }
        }
        guard code == 0 else { return .failure(ResolverError("getnameinfo", addressInfo: code, errno: errorNumber)) }
        return .success(name)
    }

    /// if_indextoname(3): the interface that a scope means (RFC 4007).
    public static func interfaceName(ofScope scope: UInt32) -> String? {
        var found = false
        let name = unsafe textFilledIn(Int(IF_NAMESIZE)) { room, _ in found = unsafe if_indextoname(scope, room) != nil
        }
        return found ? name : nil
    }

    /// if_nametoindex(3); nil where there is no such interface.
    public static func scope(ofInterface name: String) -> UInt32? {
        let index = unsafe if_nametoindex(name)
        return index == 0 ? nil : index
    }

    /// Lends room for text that a call writes and ends with a zero.
    private static func textFilledIn(_ count: Int, _ body: (UnsafeMutablePointer<CChar>, Int) -> Void) -> String {
        var bytes = [CChar](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBufferPointer { room in
            if let base = room.baseAddress { unsafe body(base, room.count) }
        }
        return String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func copy(_ entry: hostent) -> HostEntry {
        var addresses: [IPAddress] = []
        var pointer = unsafe entry.h_addr_list
        while let list = unsafe pointer, let bytes = unsafe list.pointee {
            if unsafe entry.h_addrtype == AF_INET, unsafe entry.h_length == 4 {
                let number = unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self)
                addresses.append(.v4(IPv4Address(rawValue: UInt32(bigEndian: number))))
            }
            unsafe pointer = list.advanced(by: 1)
        }
        var aliases: [String] = []
        var names = unsafe entry.h_aliases
        while let list = unsafe names, let name = unsafe list.pointee {
            aliases.append(unsafe String(cString: name))
            unsafe names = list.advanced(by: 1)
        }
        let name = unsafe entry.h_name.map { unsafe String(cString: $0) } ?? ""
        return HostEntry(name: name, aliases: aliases, addresses: addresses)
    }
}
