import Addressing
import Platform
import Sockets

/// Follows the calls of all threads from their beginning to their return.
struct CallFollower {
    let table: SystemCallTable
    let architecture: ProcessorArchitecture
    let dataLimit: Int
    var lanes: TraceLanes
    let clock: () -> Timestamp
    private let registry = SocketRegistry()
    private var count = 0

    init(
        table: SystemCallTable, architecture: ProcessorArchitecture, dataLimit: Int, lanes: TraceLanes,
        clock: @escaping () -> Timestamp
    ) {
        self.table = table
        self.architecture = architecture
        self.dataLimit = dataLimit
        self.lanes = lanes
        self.clock = clock
    }

    /// A thread stopped before a call. Its start is read last, when the call is about to run.
    mutating func begin(_ thread: TracedThread, _ tell: (TraceEvent) -> Void) {
        guard let registers = ProgramTracing.registers(of: thread.id), let system = table[registers.number] else {
            return
        }
        if resume(thread, system, registers, tell) { return }
        let beginning = CallBeginning(thread: thread, registry: registry, dataLimit: dataLimit)
        guard var call = beginning.running(system, registers) else { return }
        if call.isTold {
            count += 1
            call.traced.call.id = count
            call.traced.call.end = lanes.end(process: thread.process.id, thread: thread.id)
        }
        call.traced.call.start = clock()
        thread.running = call
    }

    /// A call that was interrupted goes on as if nothing had been (SA_RESTART, SIGCONT): one call for the program, and
    /// one here. Calls that a signal's handler makes meanwhile stand between. Any other shows that it returned EINTR,
    /// where the handler was left without sigreturn(2), as by longjmp(3).
    private func resume(
        _ thread: TracedThread, _ system: TracedSystemCall, _ registers: CallRegisters, _ tell: (TraceEvent) -> Void
    ) -> Bool {
        guard let (call, _) = thread.interrupted else { return false }
        let before = call.registers
        if system == .restart
            || registers.number == before.number && registers.arguments == before.arguments
                && registers.instruction == before.instruction && registers.stack == before.stack
        {
            thread.interrupted = nil
            thread.running = call
            return true
        }
        // The handler runs further down on the same stack, or on one of its own (sigaltstack(2)).
        let isLeft = registers.stack >= before.stack && registers.stack - before.stack < 1 << 16
        if isLeft, system != .signalReturn { giveUpInterrupted(thread, tell) }
        return false
    }

    /// The call on whose account a thread stopped has returned.
    func complete(_ thread: TracedThread, at time: Timestamp, _ tell: (TraceEvent) -> Void) {
        guard var call = thread.running else { return }
        thread.running = nil
        guard let registers = ProgramTracing.registers(of: thread.id) else { return }
        let value = registers.result
        if call.system == .signalReturn {
            // Back where the handler began: -EINTR is what the program sees of its call. With SA_RESTART the call's
            // number stands there instead, and the call is made again.
            if value == -4, registers.stack == thread.interrupted?.call.registers.stack {
                giveUpInterrupted(thread, tell)
            }
            return
        }
        // ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK (include/linux/errno.h): the kernel has
        // not decided yet whether the program sees EINTR.
        if [-512, -513, -514, -516].contains(value) {
            giveUpInterrupted(thread, tell)
            thread.interrupted = (call, time)
            return
        }
        call.traced.call.finish = time
        if call.system == .ioUringSetup, value >= 0 { tell(.usesRing(process: thread.process.id)) }
        let returned = CallReturn(
            thread: thread, registry: registry, dataLimit: dataLimit, architecture: architecture)
        if let told = returned.completed(call, value) { tell(.call(told)) }
    }

    /// The thread is about to end, or has: its call never returns.
    func giveUp(_ thread: TracedThread, _ tell: (TraceEvent) -> Void) {
        let calls = [thread.interrupted?.call, thread.running]
        thread.running = nil
        thread.interrupted = nil
        for case let call? in calls where call.isTold && !call.isOnNothing { tell(.call(call.traced)) }
    }

    private func giveUpInterrupted(_ thread: TracedThread, _ tell: (TraceEvent) -> Void) {
        guard let (call, time) = thread.interrupted else { return }
        thread.interrupted = nil
        var told = call
        told.traced.call.finish = time
        let returned = CallReturn(
            thread: thread, registry: registry, dataLimit: dataLimit, architecture: architecture)
        // EINTR
        if let told = returned.completed(told, -4) { tell(.call(told)) }
    }
}
