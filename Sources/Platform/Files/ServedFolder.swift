import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder out of which files are opened by name, and nothing that lies elsewhere, whatever the name and whatever
/// links are in the folder.
public final class ServedFolder: Sendable {
    /// The folder as it was named.
    public let path: String
    private let descriptor: Int32

    /// open(2).
    public init(_ path: String) throws(SocketError) {
        let outcome = retrying { unsafe Int(netshims_open_folder(path)) }
        guard outcome.succeeded else { throw SocketError("open", outcome.code, subject: path) }
        self.path = path
        descriptor = Int32(truncatingIfNeeded: outcome.value)
    }

    deinit { _ = systemClose(descriptor) }

    /// Opens a regular file for reading: openat2(2) with RESOLVE_BENEATH. A link may lead from one place in the folder
    /// to another, not out (EXDEV); where the system has no openat2, no link is followed (ELOOP).
    ///
    /// - Throws: EINVAL for what is no regular file: a folder, a device, a FIFO.
    public func open(_ name: String) throws(SocketError) -> OpenFile {
        let outcome = retrying { unsafe Int(netshims_open_beneath(descriptor, name)) }
        guard outcome.succeeded else { throw SocketError("openat2", outcome.code, subject: name) }
        return try OpenFile(owning: Int32(truncatingIfNeeded: outcome.value), name: name)
    }

    /// The regular files right inside, with their sizes; links are left out. nil where the folder may not be read.
    public func files() -> [(name: String, size: Int64)]? {
        DirectoryListing.names(in: path)?.compactMap { name in
            var form = stat()
            guard unsafe fstatat(descriptor, name, &form, AT_SYMLINK_NOFOLLOW) == 0, form.st_mode & S_IFMT == S_IFREG
            else { return nil }
            return (name, Int64(form.st_size))
        }
    }
}

/// What tells a version of a file from all others on this machine.
public struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// When its contents, and when anything of it, changed: contents can be changed and their time set back (touch(1)),
    /// the latter not.
    let modified: [Int64]
    let changed: [Int64]
}

/// A regular file that is open for reading, closed when nobody needs it any more.
public final class OpenFile: Sendable {
    /// The descriptor, which stays the file's.
    public let descriptor: Int32
    /// In octets, when it was opened.
    public let size: Int64
    /// Which version of which file it is.
    public let identity: FileIdentity

    /// Takes over a descriptor: fstat(2).
    init(owning descriptor: Int32, name: String) throws(SocketError) {
        var form = stat()
        let outcome = retrying { unsafe Int(fstat(descriptor, &form)) }
        guard outcome.succeeded, form.st_mode & S_IFMT == S_IFREG else {
            _ = systemClose(descriptor)
            throw SocketError("fstat", outcome.succeeded ? EINVAL : outcome.code, subject: name)
        }
        self.descriptor = descriptor
        size = Int64(form.st_size)
        #if canImport(Darwin)
            let (modified, changed) = (form.st_mtimespec, form.st_ctimespec)
        #else
            let (modified, changed) = (form.st_mtim, form.st_ctim)
        #endif
        identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: form.st_dev), inode: UInt64(truncatingIfNeeded: form.st_ino), size: size,
            modified: [Int64(modified.tv_sec), Int64(modified.tv_nsec)],
            changed: [Int64(changed.tv_sec), Int64(changed.tv_nsec)])
    }

    /// A file without a name, which goes when it is closed: tmpfile(3).
    public convenience init(unnamedWith content: [UInt8]) throws(SocketError) {
        guard let file = unsafe tmpfile() else { throw SocketError("tmpfile", errno) }
        defer { unsafe fclose(file) }
        let written = unsafe fwrite(content, 1, content.count, file)
        guard unsafe written == content.count && fflush(file) == 0 else { throw SocketError("fwrite", errno) }
        // The file outlives this stream's own descriptor.
        let outcome = retrying { unsafe Int(fcntl(fileno(file), F_DUPFD_CLOEXEC, 0)) }
        guard outcome.succeeded else { throw SocketError("fcntl", outcome.code) }
        try self.init(owning: Int32(truncatingIfNeeded: outcome.value), name: "tmpfile")
    }

    deinit { _ = systemClose(descriptor) }

    /// pread(2): how many octets were read, 0 at the end, -1 for an error.
    public func read(at offset: Int64, into buffer: inout [UInt8]) -> Int {
        unsafe buffer.withUnsafeMutableBytes { room in
            retrying { unsafe pread(descriptor, room.baseAddress, room.count, off_t(offset)) }.value
        }
    }
}
