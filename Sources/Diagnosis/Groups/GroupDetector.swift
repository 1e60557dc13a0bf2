import Addressing
import Packets

/// Membership of multicast groups (IGMP, RFC 3376; MLD, RFC 3810): who listens to which group, who stopped, and which
/// router asks.
struct GroupDetector: Detector {
    static let topic = Topic("groups", "Multicast groups", "who listens to which group")
    static let layers: Set<LayerKind> = [.igmp, .icmpv6]

    private static let limit = 1024

    private struct Key: Hashable {
        let host: IPAddress
        /// nil for a router's question about every group.
        let group: IPAddress?
        let asks: Bool
    }

    /// What one host said of one group.
    private struct Membership: Sendable {
        let host: IPAddress
        let group: IPAddress?
        let asks: Bool
        let start: Timestamp
        var end: Timestamp
        var packets = PacketNumbers()
        var reports = 0
        /// The packet with which it left, after its last report.
        var left: Int?
    }

    private var memberships = BoundedTable<Key, Membership>(limit: Self.limit)

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { Self.layers.contains($0.kind) && !$0.isQuoted }),
            case let said = GroupMembership.all(dissection.layers[index], record), !said.isEmpty,
            let host = PacketAddresses(record, dissection, before: index)?.source
        else { return }
        let number = facts.number
        for one in said {
            let (group, asks): (IPAddress?, Bool) =
                switch one {
                case .asks(let group): (group, true)
                case .listens(let group), .leaves(let group): (group, false)
                }
            let new = Membership(host: host, group: group, asks: asks, start: time, end: time)
            memberships.update(Key(host: host, group: group, asks: asks), new: new) {
                $0.packets.add(number)
                $0.end = time
                switch one {
                case .asks: break
                case .listens: ($0.reports, $0.left) = ($0.reports + 1, nil)
                case .leaves: $0.left = number
                }
            }
        }
    }

    var findings: [Finding] {
        var list = FindingList()
        for membership in memberships.values {
            list.add(
                Finding(
                    membership.asks ? .groupQuery : .groupMember, .note, Self.sentence(membership),
                    evidence: Finding.Evidence(packets: membership.packets), at: membership.start,
                    duration: membership.end.elapsed(since: membership.start)),
                membership.asks ? "question about a group" : "membership")
        }
        return list.findings
    }

    private static func sentence(_ said: Membership) -> Sentence {
        let who: Sentence =
            said.host.isUnspecified ? "A host without an address" : "\(.address(said.host))"
        if said.asks {
            let times: Sentence? = said.packets.count > 1 ? ", \(.times(said.packets.count))" : nil
            return said.group.map { "\(who) asked whether anybody still listens to \(.address($0))\(times)." }
                ?? "\(who) asked who listens to any group\(times): it is the router that asks on this link."
        }
        guard let group = said.group else { return "\(who) listens to a group." }
        let times: Sentence? = said.reports > 1 ? " \(.times(said.reports))" : nil
        switch (said.reports, said.left) {
        case (0, let left?): return "\(who) left the group \(.address(group)) (\(.packet(left)))."
        case (_, let left?):
            return """
                \(who) said\(times) that it listens to \(.address(group)), and then left that group \
                (\(.packet(left))).
                """
        case (_, nil): return "\(who) said\(times) that it listens to \(.address(group))."
        }
    }
}

extension Finding.Kind {
    /// A host's membership of a multicast group.
    package static let groupMember: Self = "group_member"
    /// A router's question about groups.
    package static let groupQuery: Self = "group_query"
}
