import Addressing
import Packets

/// Packets that no story tells of: of no conversation, and of a protocol that no detector looks at. Counted by
/// protocol, so that a capture of nothing else is not passed over in silence.
struct UntoldPackets: Sendable {
    static let topic = Topic("others", "Everything else", "packets of which netprobe tells no story; show lists them")
    /// So many protocols are told apart.
    private static let limit = 32

    private struct Count: Sendable {
        let kind: LayerKind
        var packets = PacketNumbers()
        let start: Timestamp
        var end: Timestamp
    }

    private var counts = BoundedTable<LayerKind, Count>(limit: Self.limit)

    mutating func take(_ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        // What is no packet, such as a block of a capture file with something else, is told by nobody.
        guard let kind = dissection.layers.last?.kind, let time = facts.timestamp else { return }
        let number = facts.number
        counts.update(kind, new: Count(kind: kind, start: time, end: time)) { count in
            count.packets.add(number)
            count.end = time
        }
    }

    /// One for each protocol, in the order in which they came up.
    var findings: [Finding] {
        counts.values.map { count in
            let name = count.kind.protocolDescription?.title ?? "\(count.kind)"
            return Finding(
                .untold, .note, "\(.count(count.packets.count, "packet")) of \(.words(name)).",
                evidence: Finding.Evidence(packets: count.packets), at: count.start,
                duration: count.end.elapsed(since: count.start))
        }
    }
}

extension Finding.Kind {
    /// Packets of which no story is told.
    package static let untold: Self = "untold"
}
