import Addressing
import Conversations

/// Conversations that came to nothing, one like the other: a port scan, a client that tries again and again, questions
/// to a server that is not there. Between two hosts the first few are told one by one, the rest in one finding.
struct VainAttempts: Sendable {
    static let topic = Topic("vain_attempts", "In vain", "attempts that came to nothing, told together")
    static let individually = 3
    private static let limit = 4096

    fileprivate struct Hosts: Hashable {
        let client: IPAddress
        let server: IPAddress
    }

    fileprivate struct Sum: Sendable {
        let hosts: Hosts
        var told = 0
        var packets = PacketNumbers()
        var count = 0
        var refused = 0
        var unanswered = 0
        var lowest = UInt16.max
        var highest = UInt16.min
        var start: Timestamp?
        var end: Timestamp?
    }

    private var sums = BoundedTable<Hosts, Sum>(limit: Self.limit)

    /// What a conversation that came to nothing is told with.
    private static let vain: Set<Finding.Kind> = [
        .refused, .unanswered, .repeatedSYN, .icmpError, .reusedPorts, .total,
    ]

    /// Takes a story; returns whether it is to be told.
    mutating func tells(_ story: Story) -> Bool {
        guard Self.isVain(story) else { return true }
        let hosts = Hosts(client: story.client.address, server: story.server.address)
        var isTold = false
        // Where there is no room for more hosts, it is told.
        if sums[hosts] == nil, sums.isFull { return true }
        sums.update(hosts, new: Sum(hosts: hosts)) { sum in
            isTold = sum.told < Self.individually
            if isTold { sum.told += 1 } else { sum.add(story) }
        }
        return isTold
    }

    private static func isVain(_ story: Story) -> Bool {
        let kinds = Set(story.findings.map(\.kind))
        if story.name.transport == .tcp { return kinds.isSubset(of: vain) }
        // One datagram without an answer, or with an ICMP error for one.
        let isGroup = [.multicast, .broadcast].contains(story.server.address.kind.category)
        return !isGroup && kinds.isSubset(of: vain.union([.data]))
            && !kinds.isDisjoint(with: [.unanswered, .icmpError])
            && story.findings.count { $0.kind == .data } <= 1
    }

    var findings: [Finding] { sums.values.filter { $0.count > 0 }.map(\.finding) }
}

extension VainAttempts.Sum {
    fileprivate mutating func add(_ story: Story) {
        count += 1
        if story.findings.contains(where: { $0.kind == .refused || $0.kind == .icmpError }) {
            refused += 1
        } else {
            unanswered += 1
        }
        lowest = min(lowest, story.server.port.rawValue)
        highest = max(highest, story.server.port.rawValue)
        if let last = story.findings.last {
            packets.add(last.firstPacket)
            start = start ?? last.time
            end = last.time
        }
    }

    fileprivate var finding: Finding {
        var results: [Sentence] = []
        if refused > 0 { results.append("\(.number(refused)) refused") }
        if unanswered > 0 { results.append("\(.number(unanswered)) without an answer") }
        let ports: Sentence =
            lowest == highest
            ? "at port \(.number(lowest))"
            : "at ports from \(.number(lowest)) to \(.number(highest))"
        let scan: Sentence? =
            highest > lowest && count > 10 ? " A port scan looks like this." : nil
        let start = start ?? .epoch
        return Finding(
            .vainAttempts, .warning,
            """
            \(.count(count, """
                more attempt
                """)) of \(.address(hosts.client)) at \(.address(hosts.server)) came to nothing: \
            \(results.joined(separator: ", ")), \(ports).\(scan)
            """,
            evidence: Finding.Evidence(packets: packets), at: start,
            duration: max(0, (end ?? start).nanoseconds(since: start)))
    }
}

extension Finding.Kind {
    /// Conversations that came to nothing, told together.
    package static let vainAttempts: Self = "vain_attempts"
}
