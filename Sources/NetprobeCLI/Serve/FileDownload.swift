import Sockets
import SystemPackage

/// A file that is being received: its octets so far stand in `NAME.part`, so that the next run can go on from there.
struct FileDownload {
    let path: String
    /// How many octets there are.
    private(set) var offset: Int64 = 0
    private let file: FileDescriptor
    private var hash = FileHash()

    /// Opens the part, or makes it, and reads what is in it.
    init(part path: String) throws(CommandFailure) {
        self.path = path
        do {
            file = try FileDescriptor.open(FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow], permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        do throws(Errno) {
            while case let count = try StandardStreams.read(file, into: &buffer), count > 0 {
                hash.add(buffer.span.extracting(first: count))
                offset += Int64(count)
            }
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    /// The SHA-256 of what there is.
    var digest: String { hash.hexadecimal() }

    mutating func append(_ bytes: Span<UInt8>) throws(Errno) {
        try StandardStreams.write(bytes, to: file)
        hash.add(bytes)
        offset += Int64(bytes.count)
    }

    /// Throws away what there is.
    mutating func restart() throws(CommandFailure) {
        do {
            try file.resize(to: 0)
            try file.seek(offset: 0, from: .start)
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
        hash = FileHash()
        offset = 0
    }

    /// The whole file gets its name: rename(2), so that there is never half of it under that name.
    func move(to target: String) throws(CommandFailure) {
        do throws(SocketError) { try FileNames.rename(path, to: target) } catch { throw CommandFailure("\(error)") }
        try? file.close()
    }

    func remove() {
        FileNames.remove(path)
        try? file.close()
    }

    func removeIfEmpty() { if offset == 0 { remove() } }
}
