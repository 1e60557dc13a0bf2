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

    /// unlink(2); nothing happens where there is no such file.
    public static func remove(_ path: String) { _ = unsafe unlink(path) }
}

private func platformRename(_ path: UnsafePointer<CChar>, _ target: UnsafePointer<CChar>) -> Int32 { unsafe rename(path, target) }
