import Digests
import Sockets
import SystemPackage

/// A file that is being received: its octets so far stand in `NAME.part`, so that the next run can go on from there.
struct FileDownload: ~Copyable {
    let path: String
    /// How many octets there are.
    private(set) var offset: Int64
    /// Whether what stands in the part is to be replaced by what comes first.
    private var isStale = false
    private let file: FileDescriptor
    private var hash: SHA256

    /// Opens the part, or makes it, and reads what is in it.
    static func open(part path: String) throws(CommandFailure) -> FileDownload {
        let file: FileDescriptor
        do throws(LockedFile.Failure) {
            file = try LockedFile.open(path)
        } catch {
            throw switch error {
            case .taken:
                CommandFailure(
                    "\(path): another program is writing this file; wait for it, or choose another name with -o")
            case .notRegular: CommandFailure("\(path): is no regular file; remove it, or choose another name with -o")
            case .system(.fileNameTooLong):
                CommandFailure("\(path): the name is too long; choose a shorter one with -o")
            case .system(let code): CommandFailure("\(path): \(code)")
            }
        }
        var download = FileDownload(path: path, offset: 0, file: file, hash: SHA256())
        try download.readOn()
        return download
    }

    private init(path: String, offset: Int64, file: FileDescriptor, hash: consuming SHA256) {
        self.path = path
        self.offset = offset
        self.file = file
        self.hash = hash
    }

    /// Takes what the part holds from here to its end.
    private mutating func readOn() throws(CommandFailure) {
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

    /// The SHA-256 of what there is; nil where it could not be worked out.
    var digest: String? { hash.hexadecimal() }

    mutating func append(_ bytes: Span<UInt8>) throws(Errno) {
        try clear()
        try StandardStreams.write(bytes, to: file)
        hash.add(bytes)
        offset += Int64(bytes.count)
    }

    /// Begins anew: what there is is kept until something better comes.
    mutating func restart() {
        isStale = true
        hash = SHA256()
        offset = 0
    }

    private mutating func clear() throws(Errno) {
        guard isStale else { return }
        do {
            try file.resize(to: 0)
            try file.seek(offset: 0, from: .start)
        } catch {
            throw (error as? Errno) ?? .ioError
        }
        isStale = false
    }

    /// The whole file gets its name: rename(2), so that there is never half of it under that name.
    mutating func move(to target: String) throws(CommandFailure) {
        do throws(Errno) { try clear() } catch { throw CommandFailure("\(path): \(error)") }
        FileNames.takePermissions(of: target, for: file)
        do throws(SocketError) { try FileNames.rename(path, to: target) } catch { throw CommandFailure(error) }
        try? file.close()
    }

    func remove() {
        FileNames.remove(path)
        try? file.close()
    }

    func removeIfEmpty() { if offset == 0, !isStale { remove() } }
}
