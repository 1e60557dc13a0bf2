import Addressing
import Packets

/// Path MTU discovery (RFC 1191, RFC 8201): who said that packets are too big, and whether smaller ones went on.
struct PathMTUDetector: Detector {
    static let topic = Topic("path_mtu", "Path MTU", "packets that were too big for a link on their way")
    static let layers: Set<LayerKind> = [.icmp, .icmpv6, .ipv4, .ipv6]

    private static let limit = 1024

    private struct Path: Hashable {
        let source: IPAddress
        let destination: IPAddress
    }

    private struct Limit: Sendable {
        let router: IPAddress
        let path: Path
        let mtu: UInt32
        /// The packet that was too big, as quoted.
        let length: Int
        var packets = PacketNumbers()
        let start: Timestamp
        var end: Timestamp
        /// What went the same way afterwards: how many packets, and the largest, with its number.
        var later = 0
        var largest: (length: Int, packet: Int) = (0, 0)
    }

    private var limits = BoundedTable<Path, Limit>(limit: Self.limit)

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp else { return }
        let number = facts.number
        let layers = dissection.layers
        if let index = layers.firstIndex(where: { $0.kind == .icmp || $0.kind == .icmpv6 }) {
            guard case .tooBig(let mtu)? = ICMPMeaning(layers[index], record),
                let ends = PacketAddresses(record, dissection, before: index),
                let inner = layers[index...].first(where: { $0.isQuoted && ($0.kind == .ipv4 || $0.kind == .ipv6) }),
                let quoted = PacketAddresses(record, inner)
            else { return }
            let path = Path(source: quoted.source, destination: quoted.destination)
            let limit = Limit(
                router: ends.source, path: path, mtu: mtu, length: quoted.length, start: time, end: time)
            limits.update(path, new: limit) {
                $0.packets.add(number)
                $0.end = time
                ($0.later, $0.largest) = (0, (0, 0))
            }
        } else if !limits.isEmpty, let network = layers.last(where: { $0.kind == .ipv4 || $0.kind == .ipv6 }),
            let ends = PacketAddresses(record, network)
        {
            limits.update(Path(source: ends.source, destination: ends.destination)) {
                $0.later += 1
                if ends.length > $0.largest.length { $0.largest = (ends.length, number) }
            }
        }
    }

    var findings: [Finding] {
        var list = FindingList()
        for limit in limits.values { list.add(Self.finding(limit), "path", "with a smaller MTU") }
        return list.findings
    }

    private static func finding(_ limit: Limit) -> Finding {
        let size: Sentence =
            limit.mtu > 0 ? "may have at most \(.bytes(limit.mtu))" : "are too big, without saying what the link takes"
        let times: Sentence? = limit.packets.count > 1 ? " \(.times(limit.packets.count))" : nil
        let isHeeded = limit.mtu == 0 || limit.largest.length <= Int(limit.mtu)
        let after: Sentence
        if limit.later == 0 {
            after = "Nothing went that way afterwards."
        } else if isHeeded {
            after = "What went that way afterwards was small enough."
        } else {
            after = """
                Afterwards there still were packets of up to \(.bytes(limit.largest.length)) \
                (\(.packet(limit.largest.packet))): the sender did not heed it, or they were captured before a card \
                cut \
                them.
                """
        }
        return Finding(
            .pathMTU, isHeeded ? .note : .warning,
            """
            The router \(.address(limit.router)) said\(times) that packets from \(.address(limit.path.source)) to \
            \(.address(limit.path.destination)) \(size); one of \(.bytes(limit.length)) had come. \(after)
            """,
            evidence: Finding.Evidence(packets: limit.packets), at: limit.start,
            duration: limit.end.elapsed(since: limit.start))
    }
}

extension Finding.Kind {
    package static let pathMTU: Self = "path_mtu"
}
