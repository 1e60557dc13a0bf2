import Addressing
import Packets
import Rendering
import Sockets
import Synchronization
import SystemPackage
import Text

/// Standard output as a sink for text, and what became of it.
final class StandardOutput: Sendable {
    private let failure = Mutex<Errno?>(nil)

    /// A buffer that writes to standard output. A closed pipe (`| head`) closes the buffer quietly.
    /// - Parameter before: called before something is written: may wait until it may be.
    func buffer(colour: ColourChoice = .auto, before: (() -> Void)? = nil) -> OutputBuffer {
        OutputBuffer(colours: colour.isOn(for: .standardOutput)) { [self] bytes in
            before?()
            do throws(Errno) {
                try StandardStreams.write(bytes, to: .standardOutput)
                return true
            } catch {
                if error != .brokenPipe { failure.withLock { $0 = error } }
                return false
            }
        }
    }

    /// Flushes and reports what could not be written.
    func finish(_ out: inout OutputBuffer) throws(CommandFailure) {
        out.flush()
        try finish()
    }

    /// Reports what could not be written.
    func finish() throws(CommandFailure) {
        if let error = failure.withLock({ $0 }) { throw CommandFailure("cannot write to standard output: \(error)") }
    }
}

/// Diagnostics: one line each on standard error.
enum Diagnostics {
    static func write(_ message: String, detail: String? = nil) {
        var line = ByteCollector()
        for byte in "netprobe: ".utf8 { line.append(ascii: byte) }
        line.append(guarding: message)
        line.append(ascii: 10)
        if let detail { for byte in (detail + "\n").utf8 { line.append(ascii: byte) } }
        // Nobody is left to be told when standard error is closed.
        try? StandardStreams.write(line.bytes.rawSpan, to: .standardError)
    }

    /// Writes ArgumentParser's own lines about wrong usage, which quote what was typed.
    static func write(usage text: String) {
        var lines = ByteCollector()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(guarding: String(line))
            lines.append(ascii: 10)
        }
        try? StandardStreams.write(lines.bytes.rawSpan, to: .standardError)
    }
}
