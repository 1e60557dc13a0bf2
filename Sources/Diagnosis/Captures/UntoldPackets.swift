import Addressing
import Packets

/// Packets that no story tells of: of no conversation, and of a protocol that no detector looks at. Counted by
/// protocol, so that a capture of nothing else is not passed over in silence.
struct UntoldPackets: Sendable {
    static let topic = Topic("others", "Everything else", "packets of which netprobe tells no story; show lists them")
    /// So many protocols are told apart.
    private static let limit = 32

    /// What is counted together.
    private enum Group: Hashable, Sendable {
        case of(LayerKind)
        /// No protocol of its link is known here.
        case unreadable(LinkType)
        /// Whatever they carry: stories rest on times.
        case timeless
    }

    private struct Count: Sendable {
        let group: Group
        var packets = PacketNumbers()
        let start: Timestamp
        var end: Timestamp
    }

    private var counts = BoundedTable<Group, Count>(limit: Self.limit)
    /// When the packet before was seen: one without a time stands behind it.
    private var latest = Timestamp.epoch

    /// Takes a packet that nobody else tells of.
    mutating func take(_ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        // What is no packet, such as a block of a capture file with something else, is told by nobody.
        let link = facts.linkType
        if link == .notAPacket { return }
        let group =
            facts.timestamp == nil ? Group.timeless : dissection.layers.last.map { .of($0.kind) } ?? .unreadable(link)
        if let time = facts.timestamp { latest = time }
        let (number, time) = (facts.number, latest)
        counts.update(group, new: Count(group: group, start: time, end: time)) { count in
            count.packets.add(number)
            count.end = time
        }
    }

    /// One for each group, in the order in which they came up.
    var findings: [Finding] {
        counts.values.map { count in
            let packets: Sentence = "\(.count(count.packets.count, "packet"))"
            let sentence: Sentence =
                switch count.group {
                case .of(let kind): "\(packets) of \(.words(kind.protocolDescription?.title ?? "\(kind)"))."
                case .unreadable(let link):
                    "\(packets) of the link type \(.number(link.rawValue)), which netprobe does not take apart."
                case .timeless: "\(packets) without a time: stories rest on times, and tell nothing of these."
                }
            return Finding(
                .untold, .note, sentence, evidence: Finding.Evidence(packets: count.packets), at: count.start,
                duration: count.group == .timeless ? nil : count.end.elapsed(since: count.start))
        }
    }
}

extension Finding.Kind {
    /// Packets of which no story is told.
    package static let untold: Self = "untold"
}
