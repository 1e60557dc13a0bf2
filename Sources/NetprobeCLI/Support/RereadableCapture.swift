import Capture
import Sockets
import SystemPackage

/// A capture that can be read more than once: a file by its name, standard input from a copy in the folder of temporary
/// files. The copy has no name any more once it is open, so that nothing is left behind however netprobe ends.
struct RereadableCapture: ~Copyable {
    private let path: String
    private let copy: FileDescriptor?

    /// What messages and headings call it.
    var name: String { copy == nil ? path : "standard input" }

    /// - Parameter path: `-` is standard input.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        copy = path == "-" ? try Self.spool() : nil
    }

    deinit { try? copy?.close() }

    /// Opens it at its beginning.
    func open() throws(CommandFailure) -> CaptureFileReader {
        guard let copy else { return try CaptureFiles.open(path) }
        do {
            try copy.seek(offset: 0, from: .start)
            return try CaptureFileReader(descriptor: copy, name: name)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func spool() throws(CommandFailure) -> FileDescriptor {
        do {
            let file = try TemporaryFile.open()
            var block = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = try StandardStreams.read(.standardInput, into: &block)
                if count == 0 { return file }
                try StandardStreams.write(block.span.extracting(0..<count), to: file)
            }
        } catch {
            throw CommandFailure(
                """
                cannot copy standard input to a file in '\(TemporaryFile.folder)' (TMPDIR \
                names another folder): \(error)
                """
            )
        }
    }
}
