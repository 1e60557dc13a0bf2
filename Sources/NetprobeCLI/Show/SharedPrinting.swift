import Analysis
import Capture
import Packets
import Rendering
import Sockets
import Synchronization
import Text

/// Prints a whole capture file with several threads, in the file's order: what `PacketStream` and a writer do for one
/// packet after the other, for batches of packets.
///
/// Each thread takes the next batch, filters and writes its packets, and waits for its turn before its text goes out.
/// The output is the same, byte for byte, as that of one thread.
final class SharedPrinting: Sendable {
    private let packets: SharedPacketStream
    private let outputTurn = TurnOrder()
    private let isClosed = Atomic(false)
    private let count = Atomic(0)
    /// Compiled by each thread for itself: a filter keeps values from packet to packet.
    private let filter: String?
    private let batchLimit: Int

    /// - Parameters:
    ///   - needs: within `SharedPacketStream.possibleNeeds`.
    ///   - joins: whether fragments and messages are put together.
    ///   - isLong: whether a packet's text is some thousand bytes: then fewer packets are taken at once, so that a
    ///     thread has room for the text of all while it waits for its turn.
    init(
        _ reader: consuming sending CaptureFileReader, needs: FieldNeeds, joins: Bool, displayFilter: DisplayFilter?,
        isLong: Bool
    ) {
        batchLimit = isLong ? 48 : RecordBatch.packetLimit
        packets = SharedPacketStream(
            reader, needs: needs.union(displayFilter?.needs ?? []), joins: joins, seed: .random(in: .min ... .max))
        filter = displayFilter?.text
    }

    /// How many packets were written.
    var written: Int { count.load(ordering: .acquiring) }
    /// What there is to warn of.
    var notices: [ReadingNotice] { packets.notices }
    /// What ended the file early. Every packet before it was written.
    var damage: CaptureFileError? { packets.damage }

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
        var batch = PacketBatch(limit: batchLimit)
        // It compiles: `init` was given it compiled.
        var displayFilter = filter.flatMap { try? DisplayFilter($0) }
        // Where nobody reads the output any more, nothing more is read.
        while !isClosed.load(ordering: .acquiring), let number = packets.next(&batch) {
            current.number = number
            count.add(
                Self.write(&batch, with: &writer, displayFilter: &displayFilter, to: &out),
                ordering: .acquiringAndReleasing)
            out.flush()
            if !out.isOpen { isClosed.store(true, ordering: .releasing) }
            outputTurn.wait(for: number)
            outputTurn.pass()
        }
    }

    /// Writes what passes the filter.
    /// - Returns: how many packets that were.
    private static func write<Writer: PacketWriter>(
        _ batch: inout PacketBatch, with writer: inout Writer, displayFilter: inout DisplayFilter?,
        to out: inout OutputBuffer
    ) -> Int {
        let notes = PacketNotes.none
        var written = 0
        batch.forEach { bytes, dissection, facts in
            if displayFilter != nil, displayFilter?.matches(bytes, dissection, facts, notes) == false { return }
            writer.write(bytes, dissection, facts, notes, to: &out)
            written += 1
        }
        return written
    }
}

/// Which batch a thread works on: told to the closure that hands on its text.
private final class CurrentBatch {
    var number = 0
}
