import DequeModule
import Sockets
import Synchronization

/// Works out the SHA-256 of files on a thread of its own, each version of a file once, however many clients ask for it.
/// The files take turns, a slice each: a large one holds up no small one.
public final class FileDigests: Sendable {
    private struct State {
        var known: [FileIdentity: String] = [:]
        /// Asked for, and not begun.
        var wanted: [OpenFile] = []
        /// Asked for and not known yet, begun or not.
        var unknown: Set<FileIdentity> = []
        var isWorking = false
    }

    /// How many results are kept; a text of 64 characters each.
    private static let room = 10_000
    /// Octets of a turn: some hundredths of a second.
    private static let slice: Int64 = 16 << 20
    private let state = Mutex(State())
    private let isDone: @Sendable () -> Void

    /// - Parameter isDone: called on the working thread whenever a result is there.
    public init(isDone: @escaping @Sendable () -> Void = {}) { self.isDone = isDone }

    /// The digest as hexadecimal digits if it is known; otherwise work on it begins.
    public func digest(of file: OpenFile) -> String? {
        let (known, starts) = state.withLock { state -> (String?, Bool) in
            if let known = state.known[file.identity] { return (known, false) }
            if state.unknown.insert(file.identity).inserted { state.wanted.append(file) }
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
        let work = FileDigestWork(file)
        _ = work.advance(by: .max)
        let digest = work.digest
        keep(digest, for: file)
        return digest
    }

    private func work() {
        var turns: Deque<FileDigestWork> = []
        while true {
            let isIdle = turns.isEmpty
            let fresh = state.withLock { state -> [OpenFile] in
                defer { state.wanted = [] }
                if isIdle, state.wanted.isEmpty { state.isWorking = false }
                return state.wanted
            }
            turns.append(contentsOf: fresh.map { FileDigestWork($0) })
            guard let work = turns.popFirst() else { return }
            guard work.advance(by: Self.slice) else {
                turns.append(work)
                continue
            }
            keep(work.digest, for: work.file)
            isDone()
        }
    }

    private func keep(_ digest: String, for file: OpenFile) {
        state.withLock { state in
            if state.known.count >= Self.room { state.known.removeAll() }
            state.known[file.identity] = digest
            state.unknown.remove(file.identity)
        }
    }
}
