import Addressing
import Sockets

/// Makes socket calls out of what `strace -f -ttt -T -yy` wrote about one program and everything that it started.
///
/// Calls that another thread interrupted in the text are put together again, descriptors are followed over `fork`,
/// `dup`, `accept` and `close`, and addresses that the system chose are filled in where a later call shows them. Only
/// calls on TCP and UDP sockets are kept, and on AF_UNIX ones between the programs that are looked at; nothing is
/// invented: a line that makes no sense is counted and passed over.
///
/// No input or output here: bytes in, calls out; any chunking of the bytes gives the same calls.
public struct StraceTrace {
    /// A socket call before everything about it is known.
    struct Draft {
        var process: Int
        var thread: Int32
        var name: SocketCall.Name
        var descriptor: Int32?
        var arguments: [CallArgument]
        var start: Timestamp
        var finish: Timestamp?
        var result: SocketCall.Result
        var socket: Int?
        var local: Endpoint?
        var peer: Endpoint?
        var transport: SocketProtocol
        /// Whether the socket has an address of its own since this call at the latest, so that one shown later is
        /// meant.
        var hasLocal = false
    }

    private struct Thread {
        var process: Int
        var pending: (start: Timestamp, text: [UInt8])?
    }

    /// Lines that could not be read: a newer strace, or damage.
    public private(set) var unreadableLines = 0
    /// What strace said about itself: that it may not attach, for example.
    public private(set) var complaints: [String] = []
    /// errno of the last execve() of the first process, where it failed: the program never ran.
    public private(set) var startFailure: String?

    /// Whether the program's first process has ended, which may be before those that it started.
    public private(set) var hasEnded = false

    /// Whether the program set up an io_uring(7): what it asks for there is no system call, and strace does not see it.
    public private(set) var usesRing = false

    private var firstThread: Int32?
    private var line: [UInt8] = []
    private var threads: [Int32: Thread] = [:]
    private var sockets = StraceSockets()
    private var drafts: [Draft] = []

    /// The longest line that is kept: strace's strings are cut, so only an attack has longer ones.
    private static let longestLine = 1 << 16

    /// Nothing has been read yet.
    public init() {}

    /// The threads of a process that ran before it was looked at.
    public mutating func begin(threads ids: [Int32]) {
        let process = sockets.addTable()
        for id in ids {
            threads[id] = Thread(process: process)
        }
        firstThread = ids.min()
    }

    /// Takes the next bytes of strace's output.
    public mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == 10 {
                takeLine(line[...])
                line.removeAll(keepingCapacity: true)
            } else if line.count < Self.longestLine {
                line.append(byte)
            }
        }
    }

    // MARK: Lines

    private mutating func takeLine(_ bytes: ArraySlice<UInt8>) {
        guard let line = StraceLine(bytes) else {
            if bytes.starts(with: "strace: ".utf8) {
                if complaints.count < 10 { complaints.append(bytes.dropFirst(8).text) }
            } else if !bytes.isEmpty {
                unreadableLines += 1
            }
            return
        }
        let thread = line.thread
        if threads[thread] == nil { introduce(thread) }
        switch line.event {
        case .call(let text):
            takeCall(text, thread, line.time)
        case .unfinished(let text):
            threads[thread]?.pending = (line.time, Array(text))
        case .resumed(let rest):
            guard let pending = threads[thread]?.pending else {
                unreadableLines += 1
                return
            }
            threads[thread]?.pending = nil
            takeCall((pending.text + rest)[...], thread, pending.start)
        case .ended:
            if thread == firstThread { hasEnded = true }
            giveUp(thread)
            threads[thread] = nil
        case .other:
            break
        }
    }

    /// A call that its thread never came back from.
    private mutating func giveUp(_ thread: Int32) {
        guard let pending = threads[thread]?.pending else { return }
        threads[thread]?.pending = nil
        takeCall(pending.text[...], thread, pending.start)
    }

    private mutating func takeCall(_ text: ArraySlice<UInt8>, _ thread: Int32, _ start: Timestamp) {
        guard let call = StraceCall(text) else {
            unreadableLines += 1
            return
        }
        if firstThread == nil { firstThread = thread }
        switch call.name {
        case "execve":
            guard thread == firstThread else { return }
            if case .failed(let errno) = call.result { startFailure = errno } else { startFailure = nil }
        case "io_uring_setup":
            if case .value = call.result { usesRing = true }
        case "clone", "clone3", "fork", "vfork":
            let sharesDescriptors = call.arguments.contains { StraceText($0).find("CLONE_THREAD") != nil }
            if case .value(let child, _) = call.result, child > 0, let id = Int32(exactly: child) {
                addChild(id, of: thread, isThread: sharesDescriptors)
            }
        default:
            guard let process = threads[thread]?.process else { return }
            let form = StraceCallForm(call, thread: thread, process: process, start: start)
            if let draft = form.draft(&sockets) { drafts.append(draft) }
        }
    }

    // MARK: Processes

    /// A thread that was not seen before: the program itself, or a child whose birth its parent has not reported yet.
    private mutating func introduce(_ thread: Int32) {
        let births = threads.values.filter { $0.pending.map { Self.isBirth($0.text) } ?? false }
        if let parent = births.max(by: { ($0.pending?.start ?? .epoch) < ($1.pending?.start ?? .epoch) }),
            let text = parent.pending?.text
        {
            add(thread, to: parent.process, isThread: StraceText(text[...]).find("CLONE_THREAD") != nil)
            return
        }
        threads[thread] = Thread(process: sockets.addTable())
    }

    private static func isBirth(_ text: [UInt8]) -> Bool {
        ["clone(", "clone3(", "fork(", "vfork("].contains { text.starts(with: $0.utf8) }
    }

    private mutating func addChild(_ child: Int32, of parent: Int32, isThread: Bool) {
        guard threads[child] == nil, let process = threads[parent]?.process else { return }
        add(child, to: process, isThread: isThread)
    }

    private mutating func add(_ thread: Int32, to parent: Int, isThread: Bool) {
        threads[thread] = Thread(process: isThread ? parent : sockets.copyTable(parent))
    }

    // MARK: Calls

    /// The calls so far, in the order of their starts, with ids from 1.
    ///
    /// - Parameter program: what the program is called, `server`: the end of the calls that its first thread made.
    ///   Other processes and threads get names of their own, `SocketCall.End.lane`.
    /// - Parameter paths: the AF_UNIX paths at which programs of the run wait, `boundPaths`. Calls on other AF_UNIX
    ///   sockets are to services of the system's (name caches, logs), and left out.
    public func calls(of program: SocketCall.End, unixPaths paths: Set<String> = []) -> [SocketCall] {
        var all = self
        for thread in threads.keys.sorted() { all.giveUp(thread) }
        let foreign = all.foreignSockets(paths)
        let kept = all.drafts.filter {
            $0.transport != .unix || !paths.isEmpty && !($0.socket.map(foreign.contains) ?? true)
        }
        let drafts = kept.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(
            \.element)
        var lanes = Lanes(program)
        return drafts.enumerated().map { index, draft in
            // The address that the system chose shows first in a later call.
            let local =
                draft.local ?? (draft.hasLocal ? draft.socket.flatMap { all.sockets.known[$0].firstLocal } : nil)
            return SocketCall(
                id: index + 1, end: lanes.end(process: draft.process, thread: draft.thread), name: draft.name,
                descriptor: draft.descriptor,
                arguments: draft.arguments, start: draft.start, finish: draft.finish, result: draft.result,
                local: local, peer: draft.peer,
                transport: draft.transport)
        }
    }

    /// The AF_UNIX paths that the program wanted to wait at.
    public var boundPaths: Set<String> {
        Set(drafts.filter { $0.transport == .unix && $0.name == .bind }.compactMap(\.arguments.first?.description))
    }

    /// The AF_UNIX sockets that were connected to, or sent to, elsewhere.
    private func foreignSockets(_ paths: Set<String>) -> Set<Int> {
        Set(
            drafts.filter {
                $0.transport == .unix && $0.name == .connect
                    && !($0.arguments.first.map { paths.contains($0.description) } ?? true)
            }.compactMap(\.socket))
    }

    /// Names for the processes and threads that made calls, in the order of their first ones.
    private struct Lanes {
        private let program: SocketCall.End
        private var processes: [Int: Int] = [:]
        private var threads: [Int: [Int32]] = [:]

        init(_ program: SocketCall.End) { self.program = program }

        mutating func end(process: Int, thread: Int32) -> SocketCall.End {
            let number = processes[process] ?? processes.count + 1
            processes[process] = number
            var members = threads[process] ?? []
            let position = members.firstIndex(of: thread) ?? members.count
            if position == members.count { members.append(thread) }
            threads[process] = members
            return program.lane(process: number, thread: position + 1)
        }
    }
}
