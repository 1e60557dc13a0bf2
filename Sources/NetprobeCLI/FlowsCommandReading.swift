import Capture
import Conversations
import Packets
import Sockets
import Synchronization

/// Counts a whole capture file with two threads: while one counts the packets of a batch, the other copies the next batch
/// out of the file. Batches are counted in the file's order, so that the outcome is that of one thread.
final class SharedCounting: Sendable {
    private struct Reading: ~Copyable {
        var reader: CaptureFileReader
        var batches = 0
        var damage: CaptureFileError?
    }

    private let reading: Mutex<Reading>
    private let tracker: Mutex<FlowTracker>
    private let turn = TurnOrder()

    init(_ reader: consuming sending CaptureFileReader, into tracker: consuming sending FlowTracker) {
        reading = Mutex(Reading(reader: reader))
        self.tracker = Mutex(tracker)
    }

    /// Counts everything.
    /// - Returns: what was counted, and what ended the file early.
    func run() -> (tracker: FlowTracker, damage: CaptureFileError?) {
        let work: @Sendable () -> Void = { [self] in countBatches() }
        // Where there is no room for another thread, this one does it alone.
        let other = try? SystemThread.start(work)
        work()
        other?.join()
        let counted = tracker.withLock { tracker in
            let counted = tracker
            tracker = FlowTracker(seed: 0)
            return counted
        }
        return (counted, reading.withLock { $0.damage })
    }

    private func countBatches() {
        var batch = RecordBatch()
        while let number = takeBatch(&batch) {
            turn.wait(for: number)
            tracker.withLock { tracker in
                for index in 0..<batch.count {
                    let header = batch.headers[index]
                    tracker.take(
                        batch.bytes(at: index), linkType: header.linkType, wireLength: header.wireLength, number: header.number,
                        time: header.timestamp)
                }
            }
            turn.pass()
        }
    }

    /// Takes the next batch from the file.
    /// - Returns: its number; nil where nothing is left.
    private func takeBatch(_ batch: inout RecordBatch) -> Int? {
        reading.withLock { reading in
            if reading.damage != nil { return nil }
            do throws(CaptureFileError) {
                // Most packets are plain TCP, of which the headers are enough.
                try reading.reader.next(into: &batch) { FlowTracker.bytesNeeded(of: $0, linkType: $1.linkType, wireLength: $1.wireLength) }
            } catch {
                reading.damage = error
            }
            if batch.count == 0 { return nil }
            reading.batches += 1
            return reading.batches - 1
        }
    }
}
