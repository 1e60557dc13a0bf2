import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Changes names in the file system.
public enum FileNames {
    /// rename(2).
    public static func rename(_ path: String, to target: String) throws(SocketError) {
        if unsafe platformRename(path, target) != 0 {
            let code = errno
            throw SocketError("rename", code, subject: target)
        }
    }

    /// stat(2): whether a folder has this name.
    public static func isFolder(_ path: String) -> Bool {
        var form = stat()
        return unsafe stat(path, &form) == 0 && form.st_mode & S_IFMT == S_IFDIR
    }

    /// lstat(2): whether an AF_UNIX socket has this name; nil where there is nothing, or it may not be looked at.
    public static func isSocket(_ path: String) -> Bool? {
        var form = stat()
        guard unsafe lstat(path, &form) == 0 else { return nil }
        return form.st_mode & S_IFMT == S_IFSOCK
    }

    /// fchmod(2): a file that is to take another one's name takes its permissions, too.
    public static func takePermissions(of path: String, for file: FileDescriptor) {
        var form = stat()
        guard unsafe lstat(path, &form) == 0, form.st_mode & S_IFMT == S_IFREG else { return }
        _ = fchmod(file.rawValue, form.st_mode & 0o777)
    }

    /// unlink(2); nothing happens where there is no such file.
    public static func remove(_ path: String) { _ = unsafe unlink(path) }
}

private func platformRename(_ path: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> Int32 {
    unsafe rename(path, target)
}
