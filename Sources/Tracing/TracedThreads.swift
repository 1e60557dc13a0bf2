import Addressing
import Platform

/// Every thread of a trace, what becomes of each, and how it is let go on.
struct TracedThreads {
    private let program: Int32
    private var threads: [Int32: TracedThread] = [:]
    /// Threads that stopped before their parent said that it made them, and how.
    private var unborn: [Int32: ThreadStop] = [:]
    private var ends: [Int32: ProgramEnd] = [:]
    private var hasBegun = false
    private var startFailure: Int32?

    init(program: Int32) {
        self.program = program
        threads[program] = TracedThread(program, of: TracedProcess(program), DescriptorTable())
    }

    /// How a process ended, as far as is known.
    func end(of process: Int32) -> ProgramEnd {
        if !hasBegun, process == program, let startFailure { return .notStarted(errno: startFailure) }
        return ends[process] ?? .killed(signal: 9)
    }

    /// A thread stopped or ended.
    mutating func take(
        _ stop: ThreadStop, of id: Int32, at time: Timestamp, _ calls: inout CallFollower, _ tell: (TraceEvent) -> Void
    ) {
        switch stop {
        case .exited(let status): ended(id, .exited(status: status), calls, tell)
        case .killed(let signal): ended(id, .killed(signal: signal), calls, tell)
        default:
            guard let thread = threads[id] else {
                unborn[id] = stop
                adoptFoundlings(tell)
                return
            }
            stopped(thread, stop, at: time, &calls, tell)
        }
        adoptFoundlings(tell)
    }

    private mutating func stopped(
        _ thread: TracedThread, _ stop: ThreadStop, at time: Timestamp, _ calls: inout CallFollower,
        _ tell: (TraceEvent) -> Void
    ) {
        switch stop {
        case .groupStop:
            ProgramTracing.stayStopped(thread.id)
            return
        case .signal(let number):
            goOn(thread, signal: number)
            return
        case .callBegins: calls.begin(thread, tell)
        case .callReturned:
            noteStart(of: thread)
            calls.complete(thread, at: time, tell)
        case .birth(let child): born(child, of: thread, tell)
        case .executed(let former):
            executed(thread, former: former, calls, tell)
            return
        case .ending: calls.giveUp(thread, tell)
        case .trap, .exited, .killed: break
        }
        goOn(thread)
    }

    /// A thread that waited to be known. It may have been born while job control stops its process.
    private func begin(_ thread: TracedThread, after stop: ThreadStop) {
        if stop == .groupStop { ProgramTracing.stayStopped(thread.id) } else { goOn(thread) }
    }

    /// A thread in a call stops again when the call returns.
    private func goOn(_ thread: TracedThread, signal: Int32 = 0) {
        if thread.running != nil {
            ProgramTracing.resumeToReturn(thread.id, signal: signal)
        } else {
            ProgramTracing.resume(thread.id, signal: signal)
        }
    }

    // MARK: Beginnings

    /// CLONE_FILES is 0x400, CLONE_THREAD 0x10000.
    private mutating func born(_ child: Int32, of parent: TracedThread, _ tell: (TraceEvent) -> Void) {
        guard threads[child] == nil else { return }
        parent.running?.hasGivenBirth = true
        let flags = parent.running?.birthFlags ?? 0
        let isThread = flags & 0x10000 != 0
        let table = flags & 0x400 != 0 ? parent.table : DescriptorTable(copying: parent.table)
        let thread = TracedThread(child, of: isThread ? parent.process : TracedProcess(child), table)
        threads[child] = thread
        if !isThread { tell(.began(process: child, parent: parent.process.id)) }
        if let stop = unborn.removeValue(forKey: child) { begin(thread, after: stop) }
    }

    /// execve(2) ends all other threads of the process, and the one that called it gets the process's number.
    private mutating func executed(
        _ leader: TracedThread, former: Int32, _ calls: CallFollower, _ tell: (TraceEvent) -> Void
    ) {
        let caller = threads[former] ?? leader
        if former != leader.id {
            calls.giveUp(leader, tell)
            threads[former] = nil
        }
        // Descriptors are the process's own from here on, without those that were to be closed (FD_CLOEXEC).
        let table = DescriptorTable(copying: caller.table)
        let open = ObservedProcess.open(table.known, in: leader.id)
        for number in Array(table.known) where !open.contains(number) { table.close(number) }
        let thread = TracedThread(leader.id, of: leader.process, table)
        thread.running = caller.running
        threads[leader.id] = thread
        if leader.process.id == program { hasBegun = true }
        tell(.executed(process: leader.process.id))
        goOn(thread)
    }

    /// The errno of the execve of the program itself, while it has not begun.
    private mutating func noteStart(of thread: TracedThread) {
        guard !hasBegun, thread.id == program, thread.running?.system == .execve,
            let value = ProgramTracing.registers(of: thread.id)?.result, value < 0
        else { return }
        startFailure = Int32(truncatingIfNeeded: -value)
    }

    // MARK: Ends

    private mutating func ended(
        _ id: Int32, _ end: ProgramEnd, _ calls: CallFollower, _ tell: (TraceEvent) -> Void
    ) {
        unborn[id] = nil
        guard let thread = threads.removeValue(forKey: id) else { return }
        calls.giveUp(thread, tell)
        // The last to end is the first thread: ptrace(2) reports it when all others are gone.
        if id == thread.process.id {
            ends[id] = end
            tell(.ended(process: id, end))
            if id != program { ends[id] = nil }
        }
    }

    /// A thread that was killed while it made others could not tell of them any more: they are processes of whom
    /// nothing is known.
    private mutating func adoptFoundlings(_ tell: (TraceEvent) -> Void) {
        guard !unborn.isEmpty, threads.values.allSatisfy({ !$0.isGivingBirth }) else { return }
        for (child, stop) in unborn.sorted(by: { $0.key < $1.key }) {
            let thread = TracedThread(child, of: TracedProcess(child), DescriptorTable())
            threads[child] = thread
            tell(.began(process: child, parent: nil))
            begin(thread, after: stop)
        }
        unborn = [:]
    }
}

extension TracedThread {
    /// Whether it is in a call that makes a thread or process.
    fileprivate var isGivingBirth: Bool {
        switch running?.system {
        case .clone, .clone3, .fork, .vfork: running?.hasGivenBirth == false
        default: false
        }
    }
}
