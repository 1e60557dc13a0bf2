import Capture
import Conversations
import Packets
import Platform
import Synchronization

/// The packets of a capture file for several threads: each takes the next batch, which is read and placed in its
/// conversations in turn, and dissected while others do the same.
///
///     var batch = PacketBatch()
///     while let number = stream.next(&batch) { batch.forEach { bytes, dissection, facts in … } }
///
/// What has to see the packets in order is done in turn: a batch waits for the one before it.
public final class SharedPacketStream: Sendable {
    /// The file, and what ended its reading.
    private struct Reading: ~Copyable {
        var reader: CaptureFileReader
        var batches = 0
        var damage: CaptureFileError?
    }

    private let reading: Mutex<Reading>
    /// What has to see the packets in order.
    private struct Order {
        var numbers: RelativeNumbers
        var dissector: PacketDissector
    }

    private let order: Mutex<Order>
    private let turn = TurnOrder()
    private let joins: Bool
    private let needsStream: Bool

    /// What can be found out this way: everything that one packet tells, and its place in its conversation.
    public static let possibleNeeds = FieldNeeds.stream

    /// - Parameters:
    ///   - needs: within `possibleNeeds`.
    ///   - joins: whether fragments are put together; where not, each packet speaks for itself.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(_ reader: consuming sending CaptureFileReader, needs: FieldNeeds, joins: Bool = true, seed: UInt64) {
        reading = Mutex(Reading(reader: reader))
        order = Mutex(Order(numbers: RelativeNumbers(seed: seed), dissector: PacketDissector(joins: joins)))
        self.joins = joins
        needsStream = needs.contains(.stream)
    }

    /// What ended the file early. Every packet before it came out.
    public var damage: CaptureFileError? { reading.withLock { $0.damage } }

    /// Takes the next batch of the file, and finds out about its packets what is needed.
    /// - Returns: its number, from 0; nil where nothing is left.
    public func next(_ batch: inout PacketBatch) -> Int? {
        guard let number = read(&batch) else { return nil }
        batch.dissect(joinsFragments: joins)
        if needsStream || joins {
            turn.wait(for: number)
            order.withLock { order in
                if batch.hasFragments { batch.join(&order.dissector) }
                if needsStream { batch.number(&order.numbers) }
            }
            turn.pass()
        }
        return number
    }

    /// Datagrams that were given up because too many fragments waited.
    public var givenUp: Int { order.withLock { $0.dissector.givenUp } }

    private func read(_ batch: inout PacketBatch) -> Int? {
        reading.withLock { reading in
            if reading.damage != nil { return nil }
            do throws(CaptureFileError) {
                try reading.reader.next(into: &batch.records)
            } catch {
                reading.damage = error
            }
            if batch.records.count == 0 { return nil }
            reading.batches += 1
            return reading.batches - 1
        }
    }
}

/// Packets that were read together, and what was found out about them. Reused from batch to batch.
public struct PacketBatch {
    fileprivate(set) var records = RecordBatch()
    private var dissections = [Dissection](repeating: Dissection(), count: RecordBatch.packetLimit)
    private var streams = [StreamFacts](repeating: StreamFacts(), count: RecordBatch.packetLimit)
    /// Whether a dissection stopped at a fragment.
    fileprivate private(set) var hasFragments = false
    /// The bytes of packets that complete something, by their place in the batch.
    private var wholes: [Int: PacketBytes] = [:]
    /// What fragments say of packets, by their place.
    private var fragments: [Int: PacketDissector.Fragments] = [:]

    /// No packets yet.
    public init() {}

    fileprivate mutating func dissect(joinsFragments: Bool) {
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

    /// Puts fragments together.
    fileprivate mutating func join(_ dissector: inout PacketDissector) {
        Self.join(records, &dissections, &wholes, &fragments, &dissector)
    }

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

    /// Gives each packet its place in its conversation.
    fileprivate mutating func number(_ numbers: inout RelativeNumbers) {
        Self.number(records, dissections, wholes, &streams, &numbers)
    }

    private static func number(
        _ records: borrowing RecordBatch, _ dissections: [Dissection], _ wholes: [Int: PacketBytes],
        _ streams: inout [StreamFacts], _ numbers: inout RelativeNumbers
    ) {
        // A span lends its elements; an array would count references for each packet.
        let dissections = dissections.span
        for index in 0..<records.count {
            if !wholes.isEmpty, let whole = wholes[index] {
                streams[index] = numbers.facts(of: whole.all.rawSpan, dissections[index])
            } else {
                streams[index] = numbers.facts(of: records.bytes(at: index), dissections[index])
            }
        }
    }

    /// Hands out the packets in order.
    public func forEach(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        var facts = PacketFacts()
        let (dissections, streams) = (dissections.span, streams.span)
        for index in 0..<records.count {
            facts.take(records.headers[index])
            facts.stream = streams[index]
            let found = fragments.isEmpty ? nil : fragments[index]
            facts.completedIn = found?.completedIn ?? 0
            facts.earlierFragments = found?.earlier ?? EarlierFragments()
            if !wholes.isEmpty, let whole = wholes[index] {
                body(whole.all.rawSpan, dissections[index], facts)
            } else {
                body(records.bytes(at: index), dissections[index], facts)
            }
        }
    }
}
