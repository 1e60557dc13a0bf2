import Digests
import Sockets
import Synchronization

/// Works out the SHA-256 of files on a thread of its own, each version of a file once, however many clients ask for it.
public final class FileDigests: Sendable {
    private struct State {
        var known: [FileIdentity: String] = [:]
        var wanted: [OpenFile] = []
        var isWorking = false
    }

    /// How many results are kept; a text of 64 characters each.
    private static let room = 10_000
    private let state = Mutex(State())
    private let isDone: @Sendable () -> Void

    /// - Parameter isDone: called on the working thread whenever a result is there.
    public init(isDone: @escaping @Sendable () -> Void = {}) { self.isDone = isDone }

    /// The digest as hexadecimal digits if it is known; otherwise work on it begins.
    public func digest(of file: OpenFile) -> String? {
        let (known, starts) = state.withLock { state -> (String?, Bool) in
            if let known = state.known[file.identity] { return (known, false) }
            if !state.wanted.contains(where: { $0.identity == file.identity }) { state.wanted.append(file) }
            defer { state.isWorking = true }
            return (nil, !state.isWorking)
        }
        if starts {
            // No thread to be had: done here, and everybody waits.
            do throws(SocketError) { _ = try SystemThread<Void>.start { [self] in work() } } catch { work() }
        }
        return known
    }

    /// Works it out on the calling thread.
    public func digestNow(of file: OpenFile) -> String {
        if let known = state.withLock({ $0.known[file.identity] }) { return known }
        let digest = Self.compute(file)
        keep(digest, for: file)
        return digest
    }

    private func work() {
        while let file = state.withLock({ state -> OpenFile? in
            if state.wanted.isEmpty { state.isWorking = false }
            return state.wanted.first
        }) {
            keep(Self.compute(file), for: file)
            isDone()
        }
    }

    private func keep(_ digest: String, for file: OpenFile) {
        state.withLock { state in
            if state.known.count >= Self.room { state.known.removeAll() }
            state.known[file.identity] = digest
            state.wanted.removeAll { $0.identity == file.identity }
        }
    }

    /// A file that became shorter, or that can no longer be read, gives the digest of what there is, and a libcrypto that cannot
    /// work it out gives zeros: the client sees that it is not the right one.
    private static func compute(_ file: OpenFile) -> String {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset: Int64 = 0
        while offset < file.size {
            let count = file.read(at: offset, into: &buffer)
            if count <= 0 { break }
            hash.add(buffer.span.extracting(first: count))
            offset += Int64(count)
        }
        return hash.hexadecimal() ?? String(repeating: "0", count: 64)
    }
}
