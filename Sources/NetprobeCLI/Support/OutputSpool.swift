import Packets
import Rendering
import Sockets
import Synchronization
import SystemPackage
import Text

/// Output that waits until something else has been written in front of it: the first megabytes in memory, what is more
/// in a file without a name, which is gone however netprobe ends.
final class OutputSpool: Sendable {
    private static let inMemory = 4 << 20

    private struct Kept: Sendable {
        var bytes: [UInt8] = []
        var file: FileDescriptor?
        var failure: CommandFailure?
    }

    private let kept = Mutex(Kept())

    deinit { try? kept.withLock { $0.file }?.close() }

    /// A buffer that writes into the spool, with the colours that standard output gets.
    func buffer(colour: ColourChoice) -> OutputBuffer {
        OutputBuffer(colours: colour.isOn(for: .standardOutput)) { [self] bytes in
            var block: [UInt8] = []
            block.reserveCapacity(bytes.byteCount)
            for offset in 0..<bytes.byteCount { block.append(bytes.uint8(at: offset)) }
            return kept.withLock { kept in
                guard kept.failure == nil else { return false }
                kept.bytes += block
                if kept.bytes.count > Self.inMemory { Self.spill(&kept) }
                return kept.failure == nil
            }
        }
    }

    private static func spill(_ kept: inout Kept) {
        do {
            let file = try kept.file ?? TemporaryFile.open()
            kept.file = file
            try StandardStreams.write(kept.bytes.rawSpan, to: file)
            kept.bytes.removeAll(keepingCapacity: true)
        } catch {
            kept.failure = error as? CommandFailure ?? CommandFailure("cannot keep the output for now: \(error)")
        }
    }

    /// Appends everything that was written into the spool.
    func copy(to out: inout OutputBuffer) throws(CommandFailure) {
        let (bytes, file, failure) = kept.withLock { ($0.bytes, $0.file, $0.failure) }
        if let failure { throw failure }
        if let file {
            do {
                try file.seek(offset: 0, from: .start)
                var block = [UInt8](repeating: 0, count: 1 << 18)
                while out.isOpen {
                    let count = try StandardStreams.read(file, into: &block)
                    if count == 0 { break }
                    out.append(raw: block.rawSpan.extracting(0..<count))
                }
            } catch {
                throw CommandFailure("cannot read the output that was kept: \(error)")
            }
        }
        out.append(raw: bytes.rawSpan)
    }
}
