import CNetShims
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Programs that this one starts and ends: nothing of them is left when `endAll` has returned.
///
/// The calling process adopts orphans (PR_SET_CHILD_SUBREAPER), so that also a child that forked twice to get away is a
/// descendant still. Should this process be killed itself, its children get SIGKILL (PR_SET_PDEATHSIG).
public enum ChildPrograms {
    /// A child that ended.
    public struct Ended: Hashable, Sendable {
        /// Its process ID.
        public let process: Int32
        /// The exit status, or 128 + the signal's number as shells have it.
        public let status: Int32
        /// The signal that killed it.
        public let signal: Int32?
    }

    /// A pipe with which a child's output comes back; both ends are closed with their owner. The reading end does not
    /// block.
    public final class Output: Sendable {
        /// Readable when the child has written or has closed its end.
        public let readEnd: Int32
        let writeEnd: Int32

        /// pipe(2). Throws EMFILE when no descriptors are left.
        public init() throws(SocketError) {
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw SocketError("pipe", errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
            (readEnd, writeEnd) = (ends[0], ends[1])
        }

        deinit {
            _ = close(readEnd)
            _ = close(writeEnd)
        }

        /// The path under which another process of this user can open the writing end.
        public var path: String { "/proc/\(getpid())/fd/\(writeEnd)" }

        /// read(2): how many bytes came; nil where there are none now.
        public func read(into buffer: inout [UInt8]) -> Int? {
            var span = buffer.mutableSpan
            let outcome = unsafe span.withUnsafeMutableBufferPointer { room in
                retrying { unsafe platformRead(readEnd, room.baseAddress, room.count) }
            }
            return outcome.succeeded ? outcome.value : nil
        }
    }

    /// getpid(2).
    public static var ownProcess: Int32 { getpid() }

    /// From now on, children of children that ended become children of this process.
    public static func adoptOrphans() { _ = netshims_adopt_orphans() }

    /// fork(2) and execve(2).
    ///
    /// - Parameters:
    ///   - keepsInput: whether the program reads this one's standard input; else it has /dev/null.
    ///   - withoutCapabilities: it shall have the rights of an ordinary user, although this namespace's root starts it.
    public static func start(
        _ path: String, _ arguments: [String], output: Output, errors: Output, keepsInput: Bool,
        withoutCapabilities: Bool
    ) throws(SocketError) -> Int32 {
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { throw SocketError("open", errno, subject: "/dev/null") }
        defer { _ = close(nothing) }
        var child: Int32 = 0
        let code = unsafe ProcessLaunch.withVector(([path] + arguments).map { Array($0.utf8) }) { vector in
            unsafe netshims_start_program(
                path, vector, environ, keepsInput ? 0 : nothing, output.writeEnd, errors.writeEnd,
                withoutCapabilities ? 1 : 0, &child)
        }
        guard code == 0 else {
            if child > 0 { _ = waitpid(child, nil, 0) }
            throw SocketError("execve", code, subject: path)
        }
        return child
    }

    /// waitpid(2): the children that have ended since the last time. Does not block.
    public static func collectEnded() -> [Ended] {
        var ended: [Ended] = []
        var status: Int32 = 0
        while true {
            let child = unsafe waitpid(-1, &status, WNOHANG)
            if child < 0, errno == EINTR { continue }
            guard child > 0 else { return ended }
            let signal = status & 0x7f
            ended.append(
                Ended(
                    process: child, status: signal == 0 ? status >> 8 & 0xff : 128 + signal,
                    signal: signal == 0 ? nil : signal))
        }
    }

    /// kill(2).
    public static func signal(_ number: Int32, to process: Int32) { if process > 0 { _ = kill(process, number) } }

    /// kill(2) for everything below a process, but not for those that `sparing` names.
    public static func signal(_ number: Int32, descendantsOf process: Int32, sparing: Set<Int32> = []) {
        for id in descendants(of: process) where !sparing.contains(id) { _ = kill(id, number) }
    }

    /// Ends every descendant of this process with SIGKILL and collects them all: returns when there is none left.
    public static func endAll() {
        for _ in 0..<1000 {
            for id in descendants(of: getpid()) { _ = kill(id, SIGKILL) }
            _ = collectEnded()
            if waitpid(-1, nil, WNOHANG) < 0, errno == ECHILD { return }
            usleep(1000)
        }
    }

    /// Whether this process has children that have not ended or were not collected.
    public static var hasChildren: Bool {
        !descendants(of: getpid()).isEmpty
    }

    /// Every process below this one, as /proc tells: status' PPid, followed down.
    public static func descendants(of ancestor: Int32) -> [Int32] {
        var children: [Int32: [Int32]] = [:]
        for name in DirectoryListing.names(in: "/proc") ?? [] {
            guard let id = Int32(name), let parent = parent(of: id) else { continue }
            children[parent, default: []].append(id)
        }
        var found: [Int32] = []
        var next = children[ancestor] ?? []
        var seen: Set<Int32> = []
        while let id = next.popLast() {
            guard seen.insert(id).inserted else { continue }
            found.append(id)
            next += children[id] ?? []
        }
        return found
    }

    /// The fourth field of /proc/ID/stat; the second, the name, may hold anything and ends with the last parenthesis.
    private static func parent(of process: Int32) -> Int32? {
        guard let content = content(of: "/proc/\(process)/stat", atMost: 1024), let name = content.lastIndex(of: 41)
        else { return nil }
        let fields = content[content.index(after: name)...].split(separator: 32)
        return fields.count > 1 ? Int32(String(decoding: fields[1], as: UTF8.self)) : nil
    }

    /// The start of a file.
    static func content(of path: String, atMost limit: Int) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe read(descriptor, &buffer, limit)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }
}

private let platformRead = unsafe read as @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int
