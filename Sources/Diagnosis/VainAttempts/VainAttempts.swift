import Addressing
import Conversations

/// Conversations that came to nothing, one like the other: a port scan, a flood of SYNs, a client that tries again and
/// again, questions to a server that is not there. The first few are told one by one, the rest together, by the hosts
/// between which they were.
public struct VainAttempts: Sendable {
    /// Under which the sums are told.
    public static let topic = Topic(
        "vain_attempts", "In vain", "attempts that were refused or found no answer, told together")
    /// So many pairs of hosts are summed up one by one; the attempts of more by the host that they went to.
    static let mostPairs = 4096
    /// So many of the sums are told one by one, the rest in one sentence.
    static let mostSums = 30
    /// From so many hosts on, what they have in common is told instead of each.
    static let manyHosts = 4

    private let individuallyPerPair: Int
    private let individually: Int
    private var toldByPair: [Pair: Int] = [:]
    private var told = 0
    private var sums: [Pair: VainSum] = [:]
    /// Of more pairs than are kept, by the host that was tried.
    private var others: [IPAddress: VainSum] = [:]
    private var rest = VainSum()

    struct Pair: Hashable, Sendable {
        let client: IPAddress
        let server: IPAddress
    }

    /// - Parameters:
    ///   - individuallyPerPair: so many are told one by one between two hosts.
    ///   - individually: and in all.
    public init(individuallyPerPair: Int = 3, individually: Int = 60) {
        self.individuallyPerPair = individuallyPerPair
        self.individually = individually
    }

    /// Takes an attempt.
    /// - Returns: whether it is one of the few that are to be told one by one.
    public mutating func tells(_ attempt: VainAttempt) -> Bool {
        let pair = Pair(client: attempt.client, server: attempt.server.address)
        if told < individually, toldByPair[pair, default: 0] < individuallyPerPair {
            toldByPair[pair, default: 0] += 1
            told += 1
            return true
        }
        if sums[pair] != nil || sums.count < Self.mostPairs {
            sums[pair, default: VainSum()].add(attempt)
        } else if others[pair.server] != nil || others.count < Self.mostPairs {
            others[pair.server, default: VainSum()].add(attempt)
        } else {
            rest.add(attempt)
        }
        return false
    }

    /// What is told together: by the host that many tried to reach, or that tried to reach many, else by pairs.
    public var findings: [Finding] {
        var left = sums
        var found: [(sum: VainSum, finding: Finding)] = []
        /// Takes the pairs of one host out of those that are left, and sums them up.
        func take(_ pairs: [Pair], with sum: VainSum? = nil) -> VainSum {
            pairs.reduce(into: sum ?? VainSum()) { sum, pair in
                if let part = left.removeValue(forKey: pair) { sum.add(part) }
            }
        }
        let byServer = Dictionary(grouping: sums.keys, by: \.server)
        for server in Set(byServer.keys).union(others.keys) {
            let pairs = byServer[server] ?? []
            guard pairs.count >= Self.manyHosts || others[server] != nil else { continue }
            let sum = take(pairs, with: others[server])
            found.append((sum, sum.flood(of: pairs.count, isWhole: others[server] == nil, at: server)))
        }
        for (client, pairs) in Dictionary(grouping: left.keys, by: \.client) where pairs.count >= Self.manyHosts {
            let sum = take(pairs)
            found.append((sum, sum.sweep(of: client, over: pairs.count)))
        }
        found += left.map { ($0.value, $0.value.between($0.key.client, $0.key.server)) }
        found.sort { $0.sum.count != $1.sum.count ? $0.sum.count > $1.sum.count : $0.sum.first < $1.sum.first }
        let rest = found.dropFirst(Self.mostSums).reduce(into: rest) { $0.add($1.sum) }
        let told = found.prefix(Self.mostSums).sorted { $0.sum.first < $1.sum.first }.map(\.finding)
        return rest.count > 0 ? told + [rest.betweenOthers] : told
    }
}

extension Finding.Kind {
    /// Conversations that came to nothing, told together.
    package static let vainAttempts: Self = "vain_attempts"
}
