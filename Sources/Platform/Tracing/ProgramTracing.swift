import CNetShims

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// ptrace(2) of a program that this thread starts, and of all that it starts in turn.
///
/// ptrace belongs to a thread: only the one that called `start` may call the others. Children of other threads of this
/// process are never waited for. When the thread ends, everything that it traces is killed (PTRACE_O_EXITKILL).
public enum ProgramTracing {
    /// fork(2) and execve(2) under a filter, seccomp(2), that stops the program at the system calls of these numbers.
    ///
    /// The program has the three streams and no other descriptor, and cannot gain privileges by a set-user-ID file.
    /// That execve failed is not an error here: the trace shows it.
    ///
    /// - Throws: EPERM where the system allows no tracing, ENOTSUP where there is none.
    public static func start(
        _ path: String, _ arguments: [String], input: Int32 = 0, output: Int32 = 1, errors: Int32 = 2,
        withoutCapabilities: Bool = false, stoppingAt numbers: [Int32]
    ) throws(SocketError) -> Int32 {
        var child: Int32 = 0
        let code = unsafe ProcessLaunch.withVector(([path] + arguments).map { Array($0.utf8) }) { vector in
            unsafe netshims_trace_program(
                path, vector, environ, input, output, errors, withoutCapabilities ? 1 : 0, numbers, numbers.count,
                &child)
        }
        guard code == 0 else { throw SocketError("ptrace", code, subject: path) }
        return child
    }

    /// waitpid(2): waits until a thread of the program stops or ends; nil when there is none any more.
    public static func wait() -> (thread: Int32, stop: ThreadStop)? {
        var found = netshims_stop()
        while true {
            guard unsafe netshims_wait_for_stop(&found) == 0 else { return nil }
            if let stop = ThreadStop(found) { return (found.thread, stop) }
        }
    }

    /// The call at which a thread stopped; nil when it was killed meanwhile.
    public static func registers(of thread: Int32) -> CallRegisters? {
        var call = netshims_call()
        guard unsafe netshims_read_call(thread, &call) == 0 else { return nil }
        let (a, b, c, d, e, f) = call.arguments
        return CallRegisters(
            number: call.number, arguments: [a, b, c, d, e, f], instruction: call.instruction, stack: call.stack,
            result: call.result)
    }

    /// Lets a thread go on, and delivers a signal to it, 0 for none. One that was killed meanwhile is left alone.
    public static func resume(_ thread: Int32, signal: Int32 = 0) { _ = netshims_resume(thread, signal) }

    /// The same, and stops it when its system call returns.
    public static func resumeToReturn(_ thread: Int32, signal: Int32 = 0) {
        _ = netshims_resume_to_return(thread, signal)
    }

    /// Leaves a thread stopped as job control wants it, until SIGCONT.
    public static func stayStopped(_ thread: Int32) { _ = netshims_stay_stopped(thread) }

    /// process_vm_readv(2): the bytes at an address of a thread's memory, fewer where its memory ends, none where the
    /// address is none.
    public static func memory(of thread: Int32, at address: UInt64, count: Int) -> [UInt8] {
        guard count > 0, address != 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { room, used in
            used = unsafe netshims_read_memory(thread, address, room.baseAddress, count)
        }
    }
}

extension ThreadStop {
    /// nil for what ptrace(2) may report one day and netprobe does not know.
    fileprivate init?(_ stop: netshims_stop) {
        let message = Int32(truncatingIfNeeded: stop.message)
        switch UInt32(bitPattern: stop.kind) {
        case NETSHIMS_EXITED.rawValue: self = .exited(status: stop.detail)
        case NETSHIMS_KILLED.rawValue: self = .killed(signal: stop.detail)
        case NETSHIMS_SIGNAL.rawValue: self = .signal(stop.detail)
        case NETSHIMS_GROUP_STOP.rawValue: self = .groupStop
        case NETSHIMS_TRAP.rawValue: self = .trap
        case NETSHIMS_CALL.rawValue: self = .callBegins
        case NETSHIMS_RETURN.rawValue: self = .callReturned
        case NETSHIMS_BIRTH.rawValue: self = .birth(of: message)
        case NETSHIMS_EXEC.rawValue: self = .executed(former: message)
        case NETSHIMS_ENDING.rawValue: self = .ending
        default: return nil
        }
    }
}
