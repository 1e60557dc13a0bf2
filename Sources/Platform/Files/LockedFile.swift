import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file that one program at a time writes: fcntl(2) F_SETLK. The lock ends with the program.
public enum LockedFile {
    /// Why a file could not be opened for writing.
    public enum Failure: Error, Hashable, Sendable {
        case system(Errno)
        /// A folder, a FIFO, a device, a link.
        case notRegular
        /// Another program writes it.
        case taken
    }

    /// Opens a regular file for reading and writing, or makes it.
    public static func open(_ path: String) throws(Failure) -> FileDescriptor {
        let file: FileDescriptor
        do {
            // Without waiting: a FIFO would wait for somebody else.
            file = try FileDescriptor.open(
                FilePath(path), .readWrite, options: [.create, .closeOnExec, .noFollow, .nonBlocking],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw switch error as? Errno {
            case .tooManySymbolicLinkLevels?, .isDirectory?: .notRegular
            case let code: .system(code ?? .ioError)
            }
        }
        do throws(Failure) {
            try lock(file, path)
            return file
        } catch {
            try? file.close()
            throw error
        }
    }

    private static func lock(_ file: FileDescriptor, _ path: String) throws(Failure) {
        var opened = stat()
        guard unsafe fstat(file.rawValue, &opened) == 0 else { throw .system(Errno(rawValue: errno)) }
        guard opened.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        var whole = flock()
        whole.l_type = Int16(F_WRLCK)
        whole.l_whence = Int16(SEEK_SET)
        guard unsafe fcntl(file.rawValue, F_SETLK, &whole) == 0 else {
            let code = Errno(rawValue: errno)
            throw code == .permissionDenied || code == .resourceTemporarilyUnavailable ? .taken : .system(code)
        }
        // Who had the lock before may have given the file another name meanwhile.
        var named = stat()
        guard unsafe lstat(path, &named) == 0, named.st_dev == opened.st_dev, named.st_ino == opened.st_ino else {
            throw .taken
        }
    }
}
