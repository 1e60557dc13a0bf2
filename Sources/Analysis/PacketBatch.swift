import Capture
import Conversations
import Packets

/// Packets that were read together, and what was found out about them. Reused from batch to batch.
public struct PacketBatch {
    var records: RecordBatch
    private var dissections: [Dissection]
    private var streams: [StreamFacts]
    /// Where more is known of the packets than their places in conversations.
    private var facts: [PacketFacts] = []
    /// Whether a dissection stopped at a fragment.
    private var hasFragments = false
    /// The bytes of packets that complete something, by their place in the batch.
    private var wholes: [Int: PacketBytes] = [:]
    /// What fragments say of packets, by their place.
    private var fragments: [Int: PacketDissector.Fragments] = [:]

    /// No packets yet.
    /// - Parameter limit: how many are read together at most: few where much is written about each.
    public init(limit: Int = RecordBatch.packetLimit) {
        records = RecordBatch(limit: limit)
        dissections = Array(repeating: Dissection(), count: limit)
        streams = Array(repeating: StreamFacts(), count: limit)
    }

    /// What the packets of the batches before say of those of the next one.
    struct Past: Sendable {
        /// Whether places in conversations are all that is wanted, or not even those.
        let isShort: Bool
        let needsStream: Bool
        var dissector: PacketDissector
        var numbers: RelativeNumbers
        var conversations: ConversationFacts
        var clock = CaptureClock()
        var times = PacketTimes()

        init(needs: FieldNeeds, joins: Bool, seed: UInt64) {
            isShort = needs.isDisjoint(with: [.analysis, .applications, .times, .messages])
            needsStream = needs.contains(.stream)
            dissector = PacketDissector(joins: joins)
            numbers = RelativeNumbers(seed: seed)
            conversations = ConversationFacts(needs: isShort ? [] : needs, seed: seed)
        }
    }

    mutating func dissect(joinsFragments: Bool) {
        if !wholes.isEmpty { wholes.removeAll() }
        if !fragments.isEmpty { fragments.removeAll() }
        hasFragments = Self.dissect(records, Dissector(joinsFragments: joinsFragments), &dissections)
    }

    /// - Returns: whether one stopped at a fragment.
    private static func dissect(
        _ records: borrowing RecordBatch, _ dissector: Dissector, _ dissections: inout [Dissection]
    ) -> Bool {
        var hasFragments = false
        for index in 0..<records.count {
            let header = records.headers[index]
            dissector.dissect(
                records.bytes(at: index), linkType: header.linkType, wireLength: header.wireLength,
                into: &dissections[index])
            if case .fragment = dissections[index].stop { hasFragments = true }
        }
        return hasFragments
    }

    /// Finds out what the packets before say of each packet. The batches come in the file's order.
    mutating func note(_ past: inout Past) {
        if hasFragments { Self.join(records, &dissections, &wholes, &fragments, &past.dissector) }
        if !past.isShort {
            if facts.isEmpty { facts = Array(repeating: PacketFacts(), count: streams.count) }
            Self.note(records, &dissections, &wholes, &facts, &past)
        } else if past.needsStream {
            Self.number(records, &dissections, wholes, &streams, &past.numbers)
        }
    }

    /// Puts fragments together.
    private static func join(
        _ records: borrowing RecordBatch, _ dissections: inout [Dissection], _ wholes: inout [Int: PacketBytes],
        _ fragments: inout [Int: PacketDissector.Fragments], _ dissector: inout PacketDissector
    ) {
        for index in 0..<records.count {
            guard case .fragment = dissections[index].stop else { continue }
            var whole = PacketBytes()
            let found = dissector.join(records.headers[index], records.bytes(at: index), &dissections[index], &whole)
            if !dissections[index].sources.isEmpty { wholes[index] = whole }
            if found != PacketDissector.Fragments() { fragments[index] = found }
        }
    }

    private static func number(
        _ records: borrowing RecordBatch, _ dissections: inout [Dissection], _ wholes: [Int: PacketBytes],
        _ streams: inout [StreamFacts], _ numbers: inout RelativeNumbers
    ) {
        // Each is taken out for its turn: an element of an array would be copied to be lent.
        var dissection = Dissection()
        var dissections = dissections.mutableSpan
        for index in 0..<records.count {
            swap(&dissection, &dissections[index])
            if !wholes.isEmpty, let whole = wholes[index] {
                streams[index] = numbers.facts(of: whole.all.rawSpan, dissection)
            } else {
                streams[index] = numbers.facts(of: records.bytes(at: index), dissection)
            }
            swap(&dissection, &dissections[index])
        }
    }

    private static func note(
        _ records: borrowing RecordBatch, _ dissections: inout [Dissection], _ wholes: inout [Int: PacketBytes],
        _ facts: inout [PacketFacts], _ past: inout Past
    ) {
        var dissection = Dissection()
        var whole = PacketBytes()
        for index in 0..<records.count {
            var header = records.headers[index]
            past.clock.note(&header)
            facts[index].take(header)
            past.times.note(header.timestamp, in: &facts[index])
            past.times.show(header.timestamp)
            swap(&dissection, &dissections[index])
            let sources = dissection.sources.count
            if !wholes.isEmpty, var whole = wholes[index] {
                let bytes = whole.all
                past.conversations.note(bytes.rawSpan, &dissection, &facts[index], &whole)
                if dissection.sources.count > sources { wholes[index] = whole }
            } else {
                past.conversations.note(records.bytes(at: index), &dissection, &facts[index], &whole)
                if dissection.sources.count > sources {
                    wholes[index] = whole
                    whole = PacketBytes()
                }
            }
            swap(&dissection, &dissections[index])
        }
    }

    /// Hands out the packets in order.
    public mutating func forEach(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        if facts.isEmpty, fragments.isEmpty, wholes.isEmpty {
            Self.forEach(records, &dissections, streams, body)
        } else {
            forEachKnown(body)
        }
    }

    /// The packets of which nothing but their places in conversations is known: nearly all, so this way is short.
    private static func forEach(
        _ records: borrowing RecordBatch, _ dissections: inout [Dissection], _ streams: [StreamFacts],
        _ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void
    ) {
        var facts = PacketFacts()
        var dissection = Dissection()
        var dissections = dissections.mutableSpan
        let headers = records.headers.span
        for index in headers.indices {
            facts.take(headers[index])
            facts.stream = streams[index]
            swap(&dissection, &dissections[index])
            body(records.bytes(at: index), dissection, facts)
            swap(&dissection, &dissections[index])
        }
    }

    private mutating func forEachKnown(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        var current = PacketFacts()
        var dissection = Dissection()
        for index in 0..<records.count {
            if facts.isEmpty {
                current.take(records.headers[index])
                current.stream = streams[index]
            } else {
                current = facts[index]
            }
            let found = fragments[index]
            current.completedIn = found?.completedIn ?? 0
            current.earlierFragments = found?.earlier ?? EarlierFragments()
            swap(&dissection, &dissections[index])
            if let whole = wholes[index] {
                body(whole.all.rawSpan, dissection, current)
            } else {
                body(records.bytes(at: index), dissection, current)
            }
            swap(&dissection, &dissections[index])
        }
    }
}
