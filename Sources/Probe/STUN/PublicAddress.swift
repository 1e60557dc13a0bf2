import Addressing
import Sockets
import Synchronization
import SystemPackage
import Text

/// Who is asked for the address under which others see this machine.
public enum AddressProvider: Hashable, Sendable {
    case stun(host: String, port: String)
    case http(PlainHTTP.URL)

    /// As a user writes it: `stun:HOST:PORT` or a URL.
    public var text: String {
        switch self {
        case .stun(let host, let port): "stun:" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        case .http(let url): "http://\(url.hostField)\(url.target)"
        }
    }

    /// An address can be asked over its own family only.
    func canSpeak(_ family: AddressFamily) -> Bool {
        let host =
            switch self {
            case .stun(let host, _): host
            case .http(let url): url.host
            }
        return IPAddress(host.prefix { $0 != "%" }).map { AddressFamily(of: $0) == family } ?? true
    }

    /// Well-known services that answer without registration.
    public static let wellKnown: [AddressProvider] =
        [
            .stun(host: "stun.l.google.com", port: "19302"), .stun(host: "stun.cloudflare.com", port: "3478"),
            .stun(host: "stun.nextcloud.com", port: "3478"),
        ]
        + ["http://icanhazip.com/", "http://checkip.amazonaws.com/", "http://ifconfig.me/ip"].compactMap {
            PlainHTTP.URL($0).map { .http($0) }
        }

    /// `host:port`, `[::1]:3478`, or a host alone for port 3478 (RFC 8489 section 18.6).
    public static func stun(_ text: String) -> AddressProvider? {
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let host = String(text[text.index(after: text.startIndex)..<close])
            let after = text[text.index(after: close)...]
            if after.isEmpty { return host.isEmpty ? nil : .stun(host: host, port: "3478") }
            guard !host.isEmpty, after.first == ":", let port = UInt16(after.dropFirst()), port > 0 else { return nil }
            return .stun(host: host, port: String(port))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 2 { return IPv6Address(text).map { _ in .stun(host: text, port: "3478") } }
        guard let host = parts.first, !host.isEmpty else { return nil }
        guard parts.count == 2 else { return .stun(host: String(host), port: "3478") }
        guard let port = UInt16(parts[1]), port > 0 else { return nil }
        return .stun(host: String(host), port: String(port))
    }
}

/// What one provider said about one family.
public struct ProviderReport: Hashable, Sendable {
    /// What came of the question.
    public enum Outcome: Hashable, Sendable {
        /// The address that it sees; STUN says the port too.
        /// - local: the socket's own end, to compare with.
        case address(IPAddress, port: Port?, local: Endpoint?)
        case failed(String)
    }

    /// Who was asked.
    public let provider: AddressProvider
    /// Over which family.
    public let family: AddressFamily
    /// What it said.
    public let outcome: Outcome
    /// Nanoseconds since the start.
    public let after: Int64

    /// A provider's answer.
    public init(provider: AddressProvider, family: AddressFamily, outcome: Outcome, after: Int64) {
        self.provider = provider
        self.family = family
        self.outcome = outcome
        self.after = after
    }

    /// The address that it sees, if it said one.
    public var address: IPAddress? { if case .address(let address, _, _) = outcome { address } else { nil } }
}

/// What all the reports come down to for one family.
public struct PublicAddressVerdict: Hashable, Sendable {
    /// The family that this is about.
    public let family: AddressFamily
    /// The address that most of the answers have, the first of equals; nil without answers.
    public let address: IPAddress?
    /// How many providers say so.
    public let agreeing: Int
    /// Other addresses that were said.
    public let others: [IPAddress]
    /// Whether a NAT stands between: the address that others see is not the socket's own. nil where nobody can tell.
    public let isTranslated: Bool?

    /// Sums up the reports of one family.
    public init(_ reports: [ProviderReport], _ family: AddressFamily) {
        // Plain loops: the optimizer of Swift 6.3.1 crashes on the same with reduce and compactMap over tuples.
        var addresses: [IPAddress] = []
        var counts: [Int] = []
        for report in reports where report.family == family {
            guard let address = report.address else { continue }
            if let index = addresses.firstIndex(of: address) {
                counts[index] += 1
            } else {
                addresses.append(address)
                counts.append(1)
            }
        }
        var best: Int?
        for index in addresses.indices where counts[index] > best.map({ counts[$0] }) ?? 0 { best = index }
        let chosen = best.map { addresses[$0] }
        self.family = family
        address = chosen
        agreeing = best.map { counts[$0] } ?? 0
        others = addresses.filter { $0 != chosen }
        isTranslated = chosen.flatMap { Self.isTranslated($0, reports, family) }
    }

    /// Compares what a provider saw with the socket that asked it; the first report that can tell decides.
    private static func isTranslated(_ address: IPAddress, _ reports: [ProviderReport], _ family: AddressFamily)
        -> Bool?
    {
        for report in reports where report.family == family {
            guard case .address(let seen, let port, let own) = report.outcome, let own, seen == address else {
                continue
            }
            return own.address != address || port.map { $0 != own.port } ?? false
        }
        return nil
    }

    /// Whether two providers agree, so that the others need not be waited for.
    public var isAgreed: Bool { agreeing >= 2 }
}

/// Asks all providers at once, each on threads of its own, and ends when two agree for every family asked, when all
/// have answered or failed, or when the time is over.
public struct PublicAddressQuestion: Sendable {
    private let providers: [AddressProvider]
    private let families: [AddressFamily]
    private let timeout: Duration

    /// - Parameter timeout: for all of them together.
    public init(providers: [AddressProvider], families: [AddressFamily], timeout: Duration) {
        self.providers = providers
        self.families = families
        self.timeout = timeout
    }

    /// - Returns: a report a provider and family, in the order in which they came; the silent ones at the end.
    public func ask() throws(SocketError) -> [ProviderReport] {
        let start = MonotonicClock.now()
        let deadline = start &+ min(timeout.clampedNanoseconds, .max / 4)
        var calls: [BackgroundCall<ProviderReport>] = []
        var open: [(AddressProvider, AddressFamily)] = []
        for provider in providers {
            for family in families where provider.canSpeak(family) {
                open.append((provider, family))
                calls.append(
                    try BackgroundCall {
                        let outcome = ProviderClient(provider: provider, family: family, deadline: deadline).ask()
                        return ProviderReport(
                            provider: provider, family: family, outcome: outcome, after: MonotonicClock.now() &- start)
                    })
            }
        }
        var reports: [ProviderReport] = []
        while !calls.isEmpty {
            for index in calls.indices.reversed() {
                guard let report = calls[index].result else { continue }
                reports.append(report)
                calls.remove(at: index)
                open.remove(at: index)
            }
            let isSettled = families.allSatisfy { family in
                PublicAddressVerdict(reports, family).isAgreed || !open.contains { $0.1 == family }
            }
            if isSettled { break }
            let left = deadline &- MonotonicClock.now()
            if left <= 0 || calls.isEmpty { break }
            _ = try waitReadable(calls.map(\.descriptor), timeout: .nanoseconds(left))
        }
        reports.sort { $0.after < $1.after }
        let time = MonotonicClock.now() &- start
        // Where two agree the others were not waited for, and have not failed.
        let silent = open.filter { !PublicAddressVerdict(reports, $0.1).isAgreed }
        return reports
            + silent.map {
                ProviderReport(
                    provider: $0.0, family: $0.1, outcome: .failed("no answer within the time allowed"), after: time)
            }
    }
}
