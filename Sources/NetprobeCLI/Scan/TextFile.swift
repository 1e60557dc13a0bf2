import Sockets
import SystemPackage

/// A text file that the user named, read whole.
enum TextFile {
    /// More than any list of targets has.
    private static let largest = 64 << 20

    /// - Parameter path: `-` is standard input.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        do {
            let descriptor =
                path == "-"
                ? FileDescriptor.standardInput
                : try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            defer { if path != "-" { try? descriptor.close() } }
            var bytes: [UInt8] = []
            var block = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = try StandardStreams.read(descriptor, into: &block)
                if count == 0 { return bytes }
                bytes += block.prefix(count)
                if bytes.count > largest { throw CommandFailure("'\(path)' has more than \(largest >> 20) MB") }
            }
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("cannot read '\(path)': \(error)")
        }
    }
}
