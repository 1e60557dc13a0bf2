import Sockets
import SystemPackage

/// Small text files in which the system tells about itself: `/proc`, `/etc/hosts`.
public enum SystemFile {
    /// Everything in a file, at most `limit` bytes.
    public static func read(_ path: String, limit: Int = 256 << 20) throws(Errno) -> [UInt8] {
        let descriptor: FileDescriptor
        do { descriptor = try FileDescriptor.open(FilePath(path), .readOnly) } catch {
            throw (error as? Errno) ?? .ioError
        }
        defer { try? descriptor.close() }
        var content: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while content.count < limit {
            let count = try StandardStreams.read(descriptor, into: &block)
            if count == 0 { break }
            content.append(copying: block.span.extracting(0..<count))
        }
        return content
    }

    /// The lines of a file; none where it cannot be read.
    public static func lines(_ path: String, limit: Int = 1 << 20) -> [String] {
        guard let content = try? read(path, limit: limit) else { return [] }
        return content.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }
}
