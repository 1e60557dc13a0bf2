import Addressing
import Conversations

/// One packet in both captures: its positions there.
struct SurePair {
    let first: Int
    let second: Int

    /// Packets that can be told from all others whatever the clocks say. From what says most to what says least:
    ///
    ///  1. content, identification and both ends: an echo's answer has the question's content, but goes the other way;
    ///  2. content alone, where address translation stands between the captures;
    ///  3. the n-th of equally many, where nothing tells a host's datagrams apart (IPv6 and Linux leave their
    ///     identification out, RFC 6864 section 4.1). Only where there is nothing better.
    static func all(_ first: [Sighting], _ second: [Sighting]) -> [SurePair] {
        let exact = singles(first, second) { Exact($0, identification: $0.identification) }
        let (usedFirst, usedSecond) = (Set(exact.map(\.first)), Set(exact.map(\.second)))
        let translated = singles(first, second) { $0.content }.filter {
            !usedFirst.contains($0.first) && !usedSecond.contains($0.second)
        }
        let found = exact + translated
        return (found.isEmpty ? inOrder(first, second) : found).sorted { $0.first < $1.first }
    }

    private struct Exact: Hashable {
        let content: PacketContent
        let source: Endpoint
        let destination: Endpoint
        let identification: UInt16?

        init(_ sighting: Sighting, identification: UInt16?) {
            content = sighting.content
            source = sighting.packet.source
            destination = sighting.packet.destination
            self.identification = identification
        }
    }

    /// Packets whose key occurs once in each capture.
    private static func singles<Key: Hashable>(
        _ first: [Sighting], _ second: [Sighting], by key: (Sighting) -> Key
    ) -> [SurePair] {
        func single(_ sightings: [Sighting]) -> [Key: Int] {
            var places: [Key: Int] = [:]
            for (position, sighting) in sightings.enumerated() {
                let key = key(sighting)
                // -1: more than once.
                places[key] = places[key] == nil ? position : -1
            }
            return places
        }
        let there = single(second)
        return single(first).compactMap { key, position in
            guard position >= 0, let other = there[key], other >= 0 else { return nil }
            return SurePair(first: position, second: other)
        }
    }

    private static func inOrder(_ first: [Sighting], _ second: [Sighting]) -> [SurePair] {
        func groups(_ sightings: [Sighting]) -> [Exact: [Int]] {
            Dictionary(grouping: sightings.indices) { Exact(sightings[$0], identification: nil) }
        }
        let there = groups(second)
        return groups(first).flatMap { key, positions -> [SurePair] in
            guard let others = there[key], others.count == positions.count else { return [] }
            return zip(positions, others).map { SurePair(first: $0, second: $1) }
        }
    }
}
