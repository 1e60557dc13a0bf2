import Digests
import Sockets

/// A file's SHA-256 while it is worked out, by one thread at a time. It is that of the size that the file had when it
/// was opened: what is written behind that meanwhile is not sent either.
///
/// A file that became shorter, or that can no longer be read, gives the digest of what there is, and a libcrypto that
/// cannot work it out gives zeros: the client sees that it is not the right one.
final class FileDigestWork {
    let file: OpenFile
    private var hash = SHA256()
    private var offset: Int64 = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)

    init(_ file: OpenFile) { self.file = file }

    /// Goes on for about so many octets.
    /// - Returns: whether it is done.
    func advance(by count: Int64) -> Bool {
        let end = file.size - offset <= count ? file.size : offset + count
        while offset < end {
            let count = file.read(at: offset, into: &buffer)
            if count <= 0 { return true }
            let counted = Int(min(Int64(count), file.size - offset))
            hash.add(buffer.span.extracting(first: counted))
            offset += Int64(counted)
        }
        return offset >= file.size
    }

    /// Hexadecimal digits.
    var digest: String { hash.hexadecimal() ?? String(repeating: "0", count: 64) }
}
