import Rendering
import Sockets
import Synchronization
import SystemPackage
import Text

/// A text that goes into a file of the user's choice; `-` is standard output.
enum OutputFile {
    private final class Failure: Sendable {
        let error = Mutex<Errno?>(nil)
    }

    /// Refuses to write into the file that is read: opening it would empty it. By device and inode, so that links do
    /// not help, nor standard input (`-`) that the shell opened.
    static func refuse(_ path: String, reading source: String) throws(CommandFailure) {
        guard path != "-", let one = try? FilePath(path).stat(),
            let other = try? source == "-" ? FileDescriptor.standardInput.stat() : FilePath(source).stat(),
            one.deviceID == other.deviceID, one.inode == other.inode, one.type == .regular
        else { return }
        throw CommandFailure("\(path): is the file that is read; write to another one")
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
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
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
