import Packets
import Rendering
import Sockets
import Synchronization
import SystemPackage
import Text

/// Writes a server's lines to a stream that may be a pipe whose reader stops, or a terminal that Ctrl-S holds. The
/// server's one thread must not wait for them: after a second of patience lines are left out, and counted, until there
/// is room again.
final class LogOutput: Sendable {
    static let errors = LogOutput(.standardError)
    static let results = LogOutput(.standardOutput)

    private let stream: FileDescriptor
    /// How many lines were left out since the last one that was written.
    private let lost = Mutex(0)

    /// A pipe that poll(2) calls writable takes so many octets at once: PIPE_BUF of Linux.
    private static let piece = 4096
    private static let patience = Duration.seconds(1)

    init(_ stream: FileDescriptor) { self.stream = stream }

    /// Writes a line with its end.
    func write(_ line: RawSpan) {
        lost.withLock { lost in
            guard isReady(within: lost == 0 ? Self.patience : .zero) else {
                lost += 1
                return
            }
            if lost > 0 {
                var note = ByteCollector()
                note.append(escaping: "(\(lost) lines are missing here: nobody read them)")
                note.append(ascii: 10)
                try? StandardStreams.write(note.bytes.rawSpan, to: stream)
                lost = 0
            }
            var start = 0
            while start < line.byteCount {
                guard isReady(within: Self.patience) else {
                    lost += 1
                    return
                }
                let end = min(line.byteCount, start + Self.piece)
                // Nobody is left to be told when standard error is closed.
                guard (try? StandardStreams.write(line.extracting(start..<end), to: stream)) != nil else { return }
                start = end
            }
        }
    }

    /// Also where the stream is closed: then writing says so at once.
    private func isReady(within time: Duration) -> Bool {
        guard let ready = try? waitReady(stream.rawValue, for: .writable, timeout: time) else { return true }
        return !ready.isEmpty
    }
}
