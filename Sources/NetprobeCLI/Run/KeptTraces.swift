import Packets
import Sockets
import SystemPackage
import Text

/// Files with what strace wrote, `server.strace` for the program that is called `server`: to see for oneself what the
/// calls of a run were made from.
final class KeptTraces {
    private var files: [SocketCall.End: FileDescriptor] = [:]

    /// - Parameter folder: must be there.
    init(folder: String, _ programs: [SocketCall.End]) throws(CommandFailure) {
        do {
            for end in programs {
                files[end] = try FileDescriptor.open(
                    FilePath("\(folder)/\(end.rawValue).strace"), .writeOnly,
                    options: [.create, .truncate, .closeOnExec], permissions: [.ownerReadWrite, .groupRead, .otherRead])
            }
        } catch {
            throw CommandFailure("cannot keep traces in \(folder.escapedForDisplay): \(error)")
        }
    }

    deinit { for file in files.values { try? file.close() } }

    func take(_ end: SocketCall.End, _ bytes: [UInt8]) { _ = try? files[end]?.writeAll(bytes) }
}
