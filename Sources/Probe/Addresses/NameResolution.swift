import Addressing
import Sockets

/// What became of one question to the resolver.
public enum Lookup<Answer: Hashable & Sendable>: Hashable, Sendable {
    case answered(Answer, after: Duration)
    case failed(ResolverError, after: Duration)
    /// No answer within the time allowed; the call still blocks.
    case silent(after: Duration)

    /// The answer, if there is one.
    public var answer: Answer? { if case .answered(let answer, _) = self { answer } else { nil } }
    /// Why the resolver gave no answer, if it said so.
    public var error: ResolverError? { if case .failed(let error, _) = self { error } else { nil } }
    /// Whether nothing came within the time allowed.
    public var isSilent: Bool { if case .silent = self { true } else { false } }
}

/// The calls of the resolver, replaceable in tests. Each may block.
public struct ResolverCalls: Sendable {
    /// gethostbyname(3): a name's IPv4 addresses and aliases.
    public var entry: @Sendable (String) -> Result<HostEntry, ResolverError>
    /// getaddrinfo(3): a name's addresses of one family, or of both for `nil`.
    public var addresses: @Sendable (String, AddressFamily?) -> Result<AddressList, ResolverError>
    /// getnameinfo(3): the name of an address.
    public var name: @Sendable (Endpoint) -> Result<String, ResolverError>

    /// Calls of one's own, for tests.
    public init(
        entry: @escaping @Sendable (String) -> Result<HostEntry, ResolverError>,
        addresses: @escaping @Sendable (String, AddressFamily?) -> Result<AddressList, ResolverError>,
        name: @escaping @Sendable (Endpoint) -> Result<String, ResolverError>
    ) {
        self.entry = entry
        self.addresses = addresses
        self.name = name
    }

    /// gethostbyname, getaddrinfo and getnameinfo.
    public static let system = ResolverCalls(
        entry: { HostLookup.entry(of: $0) }, addresses: { HostLookup.addresses(of: $0, family: $1) },
        name: { HostLookup.name(of: $0) })
}

/// A name asked of the old call and of the new one, and the way back from the addresses.
public struct NameResolution: Hashable, Sendable {
    /// What was asked for: a name or an address.
    public let question: String
    /// The question itself, where it is an address.
    public let address: IPAddress?
    /// nil where only IPv6 was asked for, which gethostbyname does not have.
    public var hostEntry: Lookup<HostEntry>?
    /// What getaddrinfo(3) says.
    public var addressList: Lookup<AddressList>
    /// The names of the addresses that were found, or of the address that was asked for.
    public var names: [Reverse]
    /// Lines of /etc/hosts that have the name, or the address.
    public var hostsLines: [HostsLine]

    /// The way back, from an address to its name.
    public struct Reverse: Hashable, Sendable {
        /// The address whose name was asked for.
        public let endpoint: Endpoint
        /// Its name, or why there is none.
        public let lookup: Lookup<String>

        /// The answer for one address.
        public init(endpoint: Endpoint, lookup: Lookup<String>) {
            self.endpoint = endpoint
            self.lookup = lookup
        }
    }

    /// The answers to one question.
    public init(
        question: String, hostEntry: Lookup<HostEntry>?, addressList: Lookup<AddressList>, names: [Reverse] = [],
        hostsLines: [HostsLine] = []
    ) {
        self.question = question
        address = IPAddress(question.prefix { $0 != "%" })
        self.hostEntry = hostEntry
        self.addressList = addressList
        self.names = names
        self.hostsLines = hostsLines
    }

    /// How the question as a whole was answered, for the exit status.
    public enum Verdict: Hashable, Sendable {
        case found, notFound, couldNotAsk
    }

    /// Found when any of the calls has an answer; not found only where a resolver said so.
    public var verdict: Verdict {
        if address != nil, !names.isEmpty {
            // An address was asked for its name.
            if names.contains(where: { $0.lookup.answer != nil }) { return .found }
            return names.contains(where: { Self.isNo($0.lookup) }) ? .notFound : .couldNotAsk
        }
        if addressList.answer?.endpoints.isEmpty == false || hostEntry?.answer?.addresses.isEmpty == false {
            return .found
        }
        return Self.isNo(addressList) || hostEntry.map(Self.isNo) ?? false ? .notFound : .couldNotAsk
    }

    private static func isNo<Answer>(_ lookup: Lookup<Answer>) -> Bool {
        switch lookup {
        case .answered: true
        case .failed(let error, _): error.meaning == .notFound || error.meaning == .noAddress
        case .silent: false
        }
    }
}

/// Asks all questions side by side and stops waiting when the time is over.
public struct NameResolver: Sendable {
    private let calls: ResolverCalls
    private let timeout: Duration
    /// So many addresses at most are asked for their names.
    private static let mostNames = 16

    /// - Parameters:
    ///   - calls: replaceable in tests.
    ///   - timeout: for each call; one that takes longer goes on, and its answer is not waited for.
    public init(calls: ResolverCalls = .system, timeout: Duration) {
        self.calls = calls
        self.timeout = timeout
    }

    /// - Parameter hosts: the lines of /etc/hosts.
    /// - Throws: no thread or descriptor could be had.
    public func resolve(_ question: String, family: AddressFamily? = nil, hosts: [HostsLine] = []) throws(SocketError)
        -> NameResolution
    {
        let start = ContinuousClock.now
        let calls = calls
        let entry = family == .ipv6 ? nil : try Self.start { calls.entry(question) }
        let addresses = try Self.start { calls.addresses(question, family) }
        var resolution = NameResolution(
            question: question, hostEntry: try entry.map { (call) throws(SocketError) in try wait(call, start) },
            addressList: try wait(addresses, start))

        var endpoints = resolution.addressList.answer?.endpoints ?? []
        for address in resolution.hostEntry?.answer?.addresses ?? []
        where !endpoints.contains(where: { $0.address == address }) {
            endpoints.append(Endpoint(address, .any))
        }
        var reverse: [(Endpoint, Timed<String>)] = []
        for endpoint in endpoints.prefix(Self.mostNames) {
            reverse.append((endpoint, try Self.start { calls.name(endpoint) }))
        }
        for (endpoint, call) in reverse {
            resolution.names.append(.init(endpoint: endpoint, lookup: try wait(call, start)))
        }

        resolution.hostsLines =
            resolution.address.map { address in hosts.filter { $0.address == address } }
            ?? HostsFile.lines(hosts, naming: question)
        return resolution
    }

    private typealias Timed<Answer: Hashable & Sendable> = BackgroundCall<(Result<Answer, ResolverError>, Duration)>

    private static func start<Answer>(_ body: @escaping @Sendable () -> Result<Answer, ResolverError>)
        throws(SocketError) -> Timed<Answer>
    {
        try BackgroundCall {
            let start = ContinuousClock.now
            let result = body()
            return (result, ContinuousClock.now - start)
        }
    }

    private func wait<Answer>(_ call: Timed<Answer>, _ start: ContinuousClock.Instant) throws(SocketError) -> Lookup<
        Answer
    > {
        switch try call.wait(atMost: max(.zero, timeout - (ContinuousClock.now - start))) {
        case (.success(let answer), let time)?: .answered(answer, after: time)
        case (.failure(let error), let time)?: .failed(error, after: time)
        case nil: .silent(after: timeout)
        }
    }
}
