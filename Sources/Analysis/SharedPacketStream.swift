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
    private let numbers: Mutex<RelativeNumbers>
    private let numbersTurn = TurnOrder()
    private let needsStream: Bool

    /// What can be found out this way: everything that one packet tells, and its place in its conversation.
    public static let possibleNeeds = FieldNeeds.stream

    /// - Parameters:
    ///   - needs: within `possibleNeeds`.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(_ reader: consuming sending CaptureFileReader, needs: FieldNeeds, seed: UInt64) {
        reading = Mutex(Reading(reader: reader))
        numbers = Mutex(RelativeNumbers(seed: seed))
        needsStream = needs.contains(.stream)
    }

    /// What ended the file early. Every packet before it came out.
    public var damage: CaptureFileError? { reading.withLock { $0.damage } }

    /// Takes the next batch of the file, and finds out about its packets what is needed.
    /// - Returns: its number, from 0; nil where nothing is left.
    public func next(_ batch: inout PacketBatch) -> Int? {
        guard let number = read(&batch) else { return nil }
        batch.dissect()
        if needsStream {
            numbersTurn.wait(for: number)
            numbers.withLock { batch.number(&$0) }
            numbersTurn.pass()
        }
        return number
    }

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

    /// No packets yet.
    public init() {}

    fileprivate mutating func dissect() { Self.dissect(records, &dissections) }

    private static func dissect(_ records: borrowing RecordBatch, _ dissections: inout [Dissection]) {
        let dissector = Dissector()
        for index in 0..<records.count {
            let header = records.headers[index]
            dissector.dissect(
                records.bytes(at: index), linkType: header.linkType, wireLength: header.wireLength,
                into: &dissections[index])
        }
    }

    /// Gives each packet its place in its conversation.
    fileprivate mutating func number(_ numbers: inout RelativeNumbers) {
        Self.number(records, dissections, &streams, &numbers)
    }

    private static func number(
        _ records: borrowing RecordBatch, _ dissections: [Dissection], _ streams: inout [StreamFacts],
        _ numbers: inout RelativeNumbers
    ) {
        // A span lends its elements; an array would count references for each packet.
        let dissections = dissections.span
        for index in 0..<records.count {
            streams[index] = numbers.facts(of: records.bytes(at: index), dissections[index])
        }
    }

    /// Hands out the packets in order.
    public func forEach(_ body: (RawSpan, borrowing Dissection, borrowing PacketFacts) -> Void) {
        var facts = PacketFacts()
        let (dissections, streams) = (dissections.span, streams.span)
        for index in 0..<records.count {
            facts.take(records.headers[index])
            facts.stream = streams[index]
            body(records.bytes(at: index), dissections[index], facts)
        }
    }
}
