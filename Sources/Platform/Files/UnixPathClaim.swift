#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The file that bind(2) made for an AF_UNIX socket, and that outlives the socket. To be made right after bind().
public struct UnixPathClaim: Hashable, Sendable {
    private let path: UnixPath
    /// Device and inode; nil where there is no file.
    private let file: [UInt64]?

    /// Notes which file the path names now: lstat(2).
    public init(_ path: UnixPath) {
        self.path = path
        file = Self.file(path)
    }

    /// unlink(2), where the path still names this socket's file: another program may have put its own there.
    public func release() {
        if let file, file == Self.file(path) { _ = unsafe unlink(path.text) }
    }

    private static func file(_ path: UnixPath) -> [UInt64]? {
        var form = stat()
        guard !path.text.hasPrefix("@"), unsafe lstat(path.text, &form) == 0 else { return nil }
        return [UInt64(truncatingIfNeeded: form.st_dev), UInt64(truncatingIfNeeded: form.st_ino)]
    }
}
