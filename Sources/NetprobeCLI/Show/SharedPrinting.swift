import Capture
import Conversations
import Packets
import Rendering
import Sockets
import Synchronization
import Text

/// Prints a whole capture file with several threads, in the file's order: what `PacketPipeline` and a writer do for one
/// packet after the other, for batches of packets.
///
/// Each thread takes the next batch, and does all the work on it:
///
///     read (in turn) → dissect → place in conversations (in turn) → filter, write → output (in turn)
///
/// What has to see the packets in order is done in turn: a batch waits for the one before it. The rest, which is most
/// of it, is done side by side. The output is the same, byte for byte, as that of one thread.
final class SharedPrinting: Sendable {
    /// The file, and what ended its reading.
    private struct Reading: ~Copyable {
        var reader: CaptureFileReader
        var batches = 0
        var damage: CaptureFileError?
    }

    private let reading: Mutex<Reading>
    private let numbers = Mutex(RelativeNumbers(seed: .random(in: .min ... .max)))
    private let numbersTurn = TurnOrder()
    private let outputTurn = TurnOrder()
    private let isClosed = Atomic(false)
    private let count = Atomic(0)
    private let needsStream: Bool
    /// Compiled by each thread for itself: a filter keeps values from packet to packet.
    private let filter: String?

    /// What can be done this way: everything that one packet tells, and its place in its conversation.
    static let possibleNeeds = FieldNeeds.stream

    /// - Parameter needs: within `possibleNeeds`.
    init(_ reader: consuming sending CaptureFileReader, needs: FieldNeeds, displayFilter: DisplayFilter?) {
        reading = Mutex(Reading(reader: reader))
        needsStream = needs.union(displayFilter?.needs ?? []).contains(.stream)
        filter = displayFilter?.text
    }

    /// How many packets were written.
    var written: Int { count.load(ordering: .acquiring) }
    /// What ended the file early. Every packet before it was written.
    var damage: CaptureFileError? { reading.withLock { $0.damage } }

    /// Does all the work, with `threads` threads of which this is one.
    /// - Parameters:
    ///   - output: where the text goes, and whether with colours.
    ///   - makeWriter: makes the writer of a thread.
    func run<Writer: PacketWriter>(
        threads: Int, output: StandardOutput, colour: ColourChoice, _ makeWriter: @escaping @Sendable () -> Writer
    ) {
        let work: @Sendable () -> Void = { [self] in
            var writer = makeWriter()
            printBatches(with: &writer, to: output, colour: colour)
        }
        // Where there is no room for another thread, this one does it alone.
        let others = (1..<max(1, threads)).map { _ in try? SystemThread.start(work) }
        work()
        for other in others { other?.join() }
    }

    private func printBatches<Writer: PacketWriter>(
        with writer: inout Writer, to output: StandardOutput, colour: ColourChoice
    ) {
        let current = CurrentBatch()
        // A batch of long lines fills the buffer more than once: each time its text goes out it must be its turn.
        var out = output.buffer(colour: colour) { [outputTurn] in outputTurn.wait(for: current.number) }
        var batch = RecordBatch()
        var work = BatchWork()
        // It compiles: `init` was given it compiled.
        var displayFilter = filter.flatMap { try? DisplayFilter($0) }
        while let number = takeBatch(&batch) {
            current.number = number
            work.dissect(batch)
            if needsStream {
                numbersTurn.wait(for: number)
                numbers.withLock { work.number(batch, &$0) }
                numbersTurn.pass()
            }
            count.add(
                work.write(batch, with: &writer, displayFilter: &displayFilter, to: &out),
                ordering: .acquiringAndReleasing)
            out.flush()
            if !out.isOpen { isClosed.store(true, ordering: .releasing) }
            outputTurn.wait(for: number)
            outputTurn.pass()
        }
    }

    /// Takes the next batch from the file.
    /// - Returns: its number; nil where nothing is left, or nobody reads the output any more.
    private func takeBatch(_ batch: inout RecordBatch) -> Int? {
        if isClosed.load(ordering: .acquiring) { return nil }
        return reading.withLock { reading in
            if reading.damage != nil { return nil }
            do throws(CaptureFileError) { try reading.reader.next(into: &batch) } catch { reading.damage = error }
            if batch.count == 0 { return nil }
            reading.batches += 1
            return reading.batches - 1
        }
    }
}

/// Which batch a thread works on: told to the closure that hands on its text.
private final class CurrentBatch {
    var number = 0
}

/// What was found out about the packets of a batch. Reused from batch to batch.
private struct BatchWork {
    private var dissections = [Dissection](repeating: Dissection(), count: RecordBatch.packetLimit)
    private var streams = [StreamFacts](repeating: StreamFacts(), count: RecordBatch.packetLimit)
    private let dissector = Dissector()

    mutating func dissect(_ batch: borrowing RecordBatch) {
        for index in 0..<batch.count {
            let header = batch.headers[index]
            dissector.dissect(
                batch.bytes(at: index), linkType: header.linkType, wireLength: header.wireLength,
                into: &dissections[index])
        }
    }

    /// Gives each packet its place in its conversation.
    mutating func number(_ batch: borrowing RecordBatch, _ numbers: inout RelativeNumbers) {
        Self.number(batch, dissections, &streams, &numbers)
    }

    private static func number(
        _ batch: borrowing RecordBatch, _ dissections: [Dissection], _ streams: inout [StreamFacts],
        _ numbers: inout RelativeNumbers
    ) {
        // A span lends its elements; an array would count references for each packet.
        let dissections = dissections.span
        for index in 0..<batch.count { streams[index] = numbers.facts(of: batch.bytes(at: index), dissections[index]) }
    }

    /// Writes what passes the filter.
    /// - Returns: how many packets that were.
    func write<Writer: PacketWriter>(
        _ batch: borrowing RecordBatch, with writer: inout Writer, displayFilter: inout DisplayFilter?,
        to out: inout OutputBuffer
    ) -> Int {
        var facts = PacketFacts()
        let notes = PacketNotes.none
        // A span lends its elements; an array would count references for each packet.
        let (dissections, streams) = (dissections.span, streams.span)
        var written = 0
        for index in 0..<batch.count {
            facts.take(batch.headers[index])
            facts.stream = streams[index]
            if displayFilter != nil,
                displayFilter?.matches(batch.bytes(at: index), dissections[index], facts, notes) == false
            {
                continue
            }
            writer.write(batch.bytes(at: index), dissections[index], facts, notes, to: &out)
            written += 1
        }
        return written
    }
}
