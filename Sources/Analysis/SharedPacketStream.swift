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
    private let past: Mutex<PacketBatch.Past>
    private let turn = TurnOrder()
    private let joins: Bool
    private let needsPast: Bool

    /// What can be found out this way in a file of this format: what one packet tells, and what the packets before it
    /// tell of it.
    /// - Parameter isFiltered: whether a filter says which packets are shown: nobody knows in time which one was shown
    ///   last.
    public static func possibleNeeds(_ format: CaptureFileFormat, isFiltered: Bool) -> FieldNeeds {
        var needs: FieldNeeds = [.stream, .analysis, .applications, .messages]
        if !isFiltered { needs.insert(.times) }
        // Classic pcap has no notes; those of pcapng stay with the reader.
        if case .pcap = format { needs.insert(.notes) }
        return needs
    }

    /// - Parameters:
    ///   - needs: within `possibleNeeds`.
    ///   - joins: whether fragments and messages are put together; where not, each packet speaks for itself.
    ///   - seed: a random number, so that nobody can prepare a capture whose conversations all collide.
    public init(_ reader: consuming sending CaptureFileReader, needs: FieldNeeds, joins: Bool = true, seed: UInt64) {
        reading = Mutex(Reading(reader: reader))
        let needs = joins ? needs : needs.subtracting(.messages)
        past = Mutex(PacketBatch.Past(needs: needs, joins: joins, seed: seed))
        self.joins = joins
        needsPast = joins || !needs.isDisjoint(with: [.stream, .analysis, .applications, .times])
    }

    /// What ended the file early. Every packet before it came out.
    public var damage: CaptureFileError? { reading.withLock { $0.damage } }

    /// What there is to warn of.
    public var notices: [ReadingNotice] {
        let (datagrams, messages) = past.withLock { ($0.dissector.givenUp, $0.conversations.givenUp) }
        return ReadingNotices.givenUp(datagrams: datagrams, messages: messages)
    }

    /// Takes the next batch of the file, and finds out about its packets what is needed.
    /// - Returns: its number, from 0; nil where nothing is left.
    public func next(_ batch: inout PacketBatch) -> Int? {
        guard let number = read(&batch) else { return nil }
        batch.dissect(joinsFragments: joins)
        if needsPast {
            turn.wait(for: number)
            past.withLock { batch.note(&$0) }
            turn.pass()
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
