import Addressing
import Packets

/// 802.11: which cells announce themselves, which stations joined them, how far those came that did not, and who ended
/// it (IEEE 802.11 section 11.3).
struct WirelessDetector: Detector {
    static let topic = Topic("wireless", "802.11", "which cells there are, and who joined them")
    static let layers: Set<LayerKind> = [.ieee80211]

    private static let limit = 1024
    /// Networks' names have 32 bytes at most.
    private static let longestName = 32

    private struct Key: Hashable {
        let station: MACAddress
        let cell: MACAddress
    }

    private struct Cell: Sendable {
        let address: MACAddress
        let name: String?
        let start: Timestamp
        var end: Timestamp
        var packets = PacketNumbers()
    }

    private struct Other: Sendable {
        let start: Timestamp
        var end: Timestamp
        var packets = PacketNumbers()
    }

    private var cells = BoundedTable<MACAddress, Cell>(limit: Self.limit)
    private var joinings = BoundedTable<Key, StationJoining>(limit: Self.limit)
    private var others: Other?

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp,
            let index = dissection.layers.firstIndex(where: { $0.kind == .ieee80211 && !$0.isQuoted })
        else { return }
        let number = facts.number
        guard let frame = WirelessJoining(dissection.layers[index], record) else {
            // What carries a packet is told as that.
            if dissection.network != nil || dissection.layers.contains(where: { $0.kind == .arp }) { return }
            var other = others ?? Other(start: time, end: time)
            other.packets.add(number)
            other.end = time
            others = other
            return
        }
        if case .beacon = frame.step {
            let name = frame.network.map { Self.name(record, $0) }
            cells.update(frame.cell, new: Cell(address: frame.cell, name: name, start: time, end: time)) {
                $0.packets.add(number)
                $0.end = time
            }
            return
        }
        let key = Key(station: frame.source == frame.cell ? frame.destination : frame.source, cell: frame.cell)
        if joinings[key]?.isFollowed(by: frame.step) ?? false { joinings.close(key) }
        joinings.update(key, new: StationJoining(station: key.station, cell: key.cell, start: time)) {
            if let network = frame.network { $0.network = Self.name(record, network) }
            $0.take(frame, packet: number, at: time)
        }
    }

    private static func name(_ record: RawSpan, _ range: Range<Int>) -> String {
        String(decoding: range.prefix(longestName).map { record.uint8(at: $0) }, as: UTF8.self)
    }

    var findings: [Finding] {
        var list = FindingList()
        for cell in cells.values {
            let name: Sentence = cell.name.map { " of the network \(.name($0))" } ?? ", which does not say its name,"
            list.add(
                Finding(
                    .cellAnnounced, .note,
                    """
                    The cell \(.words("\(cell.address)"))\(name) announced itself \
                    (\(.count(cell.packets.count, "beacon"))).
                    """,
                    evidence: Finding.Evidence(packets: cell.packets), at: cell.start,
                    duration: cell.end.elapsed(since: cell.start)), "cell")
        }
        for joining in joinings.values {
            var joining = joining
            joining.network = joining.network ?? cells[joining.cell]?.name
            list.add(joining.finding, "station")
        }
        if let others {
            list.add(
                Finding(
                    .otherFrames, .note,
                    """
                    \(.count(others.packets.count, "frame")) beside these: probes, control frames, and data that are \
                    encrypted or that netprobe does not take apart.
                    """,
                    evidence: Finding.Evidence(packets: others.packets), at: others.start,
                    duration: others.end.elapsed(since: others.start)), "frame")
        }
        return list.findings
    }
}

extension Finding.Kind {
    /// A cell's beacons.
    package static let cellAnnounced: Self = "cell_announced"
    /// Frames of 802.11 that belong to no joining and carry nothing that can be read.
    package static let otherFrames: Self = "other_frames"
}
