import Addressing
import Conversations
import Packets

/// Datagrams in fragments (RFC 791 section 3.2, RFC 8200 section 4.5): which were whole, of which a part is missing,
/// and who gave up waiting for the rest.
struct FragmentDetector: Detector {
    static let topic = Topic("fragments", "IP fragments", "datagrams that were sent in pieces")
    static let layers: Set<LayerKind> = [.ipv4, .ipv6Fragment, .icmp, .icmpv6]

    private static let limit = 4096

    /// One datagram, as far as its fragments were seen.
    fileprivate struct Datagram: Sendable {
        let key: FragmentPlace.Datagram
        let start: Timestamp
        var end: Timestamp
        var packets = PacketNumbers()
        /// The bytes that were seen, without gaps between the ranges.
        var seen = RangeSet<Int>()
        /// Its length, which the last fragment tells.
        var length: Int?
        /// Fragments that came once more when the datagram was whole already.
        var repeated = PacketNumbers()
        /// The message that says that the rest did not come in time.
        var givenUp: (by: IPAddress, packet: Int)?

        var isWhole: Bool {
            length.map { seen.ranges.count == 1 && seen.contains(0) && seen.contains($0 - 1) } ?? false
        }
    }

    private var datagrams = BoundedTable<FragmentPlace.Datagram, Datagram>(limit: Self.limit)

    mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        guard let time = facts.timestamp else { return }
        let layers = dissection.layers
        for index in layers.indices {
            switch layers[index].kind {
            case .icmp, .icmpv6:
                return takeError(record, dissection, at: index, packet: facts.number)
            case .ipv4, .ipv6Fragment:
                guard let place = FragmentPlace(record, layers[index]) else { break }
                if facts.completedIn > 0 {
                    takeAgain(place, packet: facts.number, at: time)
                } else {
                    take(place, layers[index].claimedPayloadLength, packet: facts.number, at: time)
                }
            default: break
            }
        }
    }

    private mutating func take(_ place: FragmentPlace, _ length: Int, packet: Int, at time: Timestamp) {
        let key = place.datagram
        // The same number again is another datagram, once the one before is whole or nobody waits for its rest.
        if let known = datagrams[key], !known.packets.contains(packet),
            known.isWhole || FragmentReassembler.isOver(known.start, time)
        {
            datagrams.close(key)
        }
        datagrams.update(key, new: Datagram(key: key, start: time, end: time)) { datagram in
            datagram.packets.add(packet)
            datagram.end = max(datagram.end, time)
            if length > 0 { datagram.seen.insert(contentsOf: place.offset..<place.offset + length) }
            if place.isLast { datagram.length = place.offset + length }
        }
    }

    /// A fragment of a datagram that is complete, doubled on the way: it begins no other one.
    private mutating func takeAgain(_ place: FragmentPlace, packet: Int, at time: Timestamp) {
        datagrams.update(place.datagram) { datagram in
            datagram.repeated.add(packet)
            datagram.end = max(datagram.end, time)
        }
    }

    /// Fragment reassembly time exceeded: type 11, code 1 (RFC 792), in ICMPv6 type 3 (RFC 4443 section 3.3). It quotes
    /// the first fragment.
    private mutating func takeError(
        _ record: RawSpan, _ dissection: borrowing Dissection, at index: Int, packet: Int
    ) {
        let layer = dissection.layers[index]
        guard layer.range.count >= 2, record.uint8(at: Int(layer.start) + 1) == 1,
            record.uint8(at: Int(layer.start)) == (layer.kind == .icmp ? 11 : 3),
            let sender = PacketAddresses(record, dissection, before: index)?.source
        else { return }
        for inner in dissection.layers.dropFirst(index + 1) {
            guard let place = FragmentPlace(record, inner) else { continue }
            return datagrams.update(place.datagram) { $0.givenUp = (sender, packet) }
        }
    }

    var findings: [Finding] {
        var list = FindingList()
        for datagram in datagrams.values { list.add(Self.finding(datagram), "datagram", "in fragments") }
        if datagrams.dropped > 0, let last = datagrams.values.last {
            list.add(
                Finding(
                    .moreFragments, .note,
                    "\(.count(datagrams.dropped, "more fragment")) of more than \(.number(Self.limit)) datagrams.",
                    evidence: Finding.Evidence(packets: PacketNumbers(last.packets.last)), at: last.end), "fragment")
        }
        return list.findings
    }

    private static func finding(_ datagram: Datagram) -> Finding {
        let ends: Sentence = "\(.address(datagram.key.source)) sent \(.address(datagram.key.destination))"
        let pieces = "\(.count(datagram.packets.count, "fragment"))" as Sentence
        var packets = datagram.packets
        let sentence: Sentence
        if datagram.isWhole, let length = datagram.length {
            sentence = "\(ends) a datagram of \(.bytes(length)) in \(pieces)."
        } else {
            let size: Sentence = datagram.length.map { " of \(.bytes($0))" } ?? ", whose length is not known,"
            var text: Sentence =
                "\(ends) a datagram\(size) of which the capture has \(pieces) with \(.bytes(datagram.seenBytes))"
            if let missing = datagram.missing {
                let last = missing.upperBound - 1
                text += ": bytes \(.number(missing.lowerBound))–\(.number(last)) are missing"
            } else {
                text += ": the end is missing"
            }
            sentence = text + ". A receiver that lacks them drops all of it."
        }
        var again: Sentence?
        if datagram.repeated.count > 0 {
            for packet in datagram.repeated.first { packets.add(packet) }
            let count: Sentence = datagram.repeated.count == 1 ? "One of them" : "\(.number(datagram.repeated.count))"
            again = " \(count) came once more when it was whole (\(.packets(datagram.repeated.first)))."
        }
        var given: Sentence?
        if let error = datagram.givenUp {
            packets.add(error.packet)
            given = " \(.address(error.by)) says in \(.packet(error.packet)) that the rest did not come in time."
        }
        return Finding(
            datagram.isWhole ? .fragments : .fragmentsMissing, datagram.isWhole ? .note : .warning,
            "\(sentence)\(again)\(given)", evidence: Finding.Evidence(packets: packets), at: datagram.start,
            duration: datagram.end.elapsed(since: datagram.start) ?? 0)
    }
}

extension FragmentDetector.Datagram {
    fileprivate var seenBytes: Int { seen.ranges.reduce(0) { $0 + $1.count } }

    /// The first bytes that are missing; nil where that is the end.
    fileprivate var missing: Range<Int>? {
        let first = seen.ranges.first
        if let first, first.lowerBound > 0 { return 0..<first.lowerBound }
        let start = first?.upperBound ?? 0
        if let next = seen.ranges.dropFirst().first { return start..<next.lowerBound }
        return length.flatMap { $0 > start ? start..<$0 : nil }
    }
}

extension Finding.Kind {
    /// A datagram whose fragments are all there.
    package static let fragments: Self = "fragments"
    /// A datagram of which fragments are missing.
    package static let fragmentsMissing: Self = "fragments_missing"
    /// Of more datagrams than are kept.
    package static let moreFragments: Self = "more_fragments"
}
