import Rendering
import Sockets
import Synchronization
import SystemPackage

/// A text that goes into a file of the user's choice; `-` is standard output.
enum OutputFile {
    private final class Failure: Sendable {
        let error = Mutex<Errno?>(nil)
    }

    /// Makes the file anew and writes into it.
    static func write(_ path: String, _ body: (inout OutputBuffer) -> Void) throws(CommandFailure) {
        if path == "-" {
            let output = StandardOutput()
            var out = output.buffer(colour: .never)
            body(&out)
            return try output.finish(&out)
        }
        let failure = Failure()
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite, .groupRead, .otherRead])
            var out = OutputBuffer { bytes in
                do throws(Errno) {
                    try StandardStreams.write(bytes, to: descriptor)
                    return true
                } catch {
                    failure.error.withLock { $0 = error }
                    return false
                }
            }
            body(&out)
            out.flush()
            try descriptor.close()
        } catch {
            throw CommandFailure("cannot write '\(path)': \(error)")
        }
        if let error = failure.error.withLock({ $0 }) { throw CommandFailure("cannot write '\(path)': \(error)") }
    }
}
