#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a name or an address could not be looked up: a code of h_errno (gethostbyname) or of getaddrinfo and
/// getnameinfo.
public struct ResolverError: Error, Hashable, Sendable {
    /// What the codes come down to.
    public enum Meaning: Hashable, Sendable {
        /// There is no such name.
        case notFound
        /// The name exists but has no address of the family asked for.
        case noAddress
        /// No server answered, or none that knows: it may work later.
        case tryAgain
        /// A server answered with an error, or the resolver is not set up.
        case failed
        /// The question makes no sense: unknown service, bad flags.
        case badQuestion
    }

    /// The C function that was called.
    public let call: String
    /// The code's symbol: `HOST_NOT_FOUND`, `EAI_NONAME`.
    public let symbol: String
    /// What the code comes down to.
    public let meaning: Meaning
    /// errno where the code says that errno has the reason (EAI_SYSTEM, NETDB_INTERNAL).
    public let errno: Int32?

    /// An error by its parts, as tests make it.
    public init(call: String, symbol: String, meaning: Meaning, errno: Int32? = nil) {
        self.call = call
        self.symbol = symbol
        self.meaning = meaning
        self.errno = errno
    }

    /// From h_errno, netdb.h: the numbers are the same everywhere.
    init(hostError code: Int32, errno: Int32) {
        let (symbol, meaning): (String, Meaning) =
            switch code {
            case 1: ("HOST_NOT_FOUND", .notFound)
            case 2: ("TRY_AGAIN", .tryAgain)
            case 3: ("NO_RECOVERY", .failed)
            case 4: ("NO_DATA", .noAddress)
            default: ("NETDB_INTERNAL", .failed)
            }
        self.init(
            call: "gethostbyname", symbol: symbol, meaning: meaning, errno: symbol == "NETDB_INTERNAL" ? errno : nil)
    }

    /// From the code that getaddrinfo or getnameinfo returned.
    init(_ call: String, addressInfo code: Int32, errno: Int32) {
        // EAI_NODATA and EAI_ADDRFAMILY are glibc's extensions; their numbers are not in the header without
        // _GNU_SOURCE.
        #if os(Linux)
            let extensions: [Int32: (String, Meaning)] = [
                -5: ("EAI_NODATA", .noAddress), -9: ("EAI_ADDRFAMILY", .noAddress),
            ]
        #else
            let extensions: [Int32: (String, Meaning)] = [
                1: ("EAI_ADDRFAMILY", .noAddress), 7: ("EAI_NODATA", .noAddress),
            ]
        #endif
        let (symbol, meaning): (String, Meaning) =
            switch code {
            case EAI_NONAME: ("EAI_NONAME", .notFound)
            case EAI_AGAIN: ("EAI_AGAIN", .tryAgain)
            case EAI_FAIL: ("EAI_FAIL", .failed)
            case EAI_FAMILY: ("EAI_FAMILY", .badQuestion)
            case EAI_SERVICE: ("EAI_SERVICE", .badQuestion)
            case EAI_SOCKTYPE: ("EAI_SOCKTYPE", .badQuestion)
            case EAI_BADFLAGS: ("EAI_BADFLAGS", .badQuestion)
            case EAI_MEMORY: ("EAI_MEMORY", .failed)
            case EAI_SYSTEM: ("EAI_SYSTEM", .failed)
            case EAI_OVERFLOW: ("EAI_OVERFLOW", .failed)
            default: extensions[code] ?? ("EAI_\(code)", .failed)
            }
        self.init(call: call, symbol: symbol, meaning: meaning, errno: code == EAI_SYSTEM ? errno : nil)
    }

    /// What it means, in plain words.
    public var reason: String {
        let words =
            switch meaning {
            case .notFound where call == "getnameinfo": "no name is known for this address"
            case .notFound: "there is no such name, in /etc/hosts or in the DNS"
            case .noAddress: "the name exists but has no address of the kind asked for"
            case .tryAgain:
                "no name server gave an answer; the network or the server may be down (see /etc/resolv.conf)"
            case .failed where symbol == "EAI_FAIL" || symbol == "NO_RECOVERY":
                "the name server refused to answer or answered with an error"
            case .failed: "the resolver itself failed"
            case .badQuestion where symbol == "EAI_SERVICE":
                "there is no such service for this transport (see /etc/services)"
            case .badQuestion where symbol == "EAI_FAMILY": "this address family cannot be asked for here"
            case .badQuestion: "the resolver was asked something that makes no sense"
            }
        guard let errno else { return words }
        return "\(words): \(symbolicName(ofErrno: errno))"
    }
}

extension ResolverError: CustomStringConvertible {
    /// `gethostbyname: HOST_NOT_FOUND, there is no such name, …`
    public var description: String { "\(call): \(symbol), \(reason)" }
}
