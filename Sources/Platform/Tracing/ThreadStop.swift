/// Why a thread that is traced stopped, ptrace(2), or how it ended.
public enum ThreadStop: Hashable, Sendable {
    /// The thread ended by itself, with this status; of a process's first thread: the whole process.
    case exited(status: Int32)
    /// A signal ended it.
    case killed(signal: Int32)
    /// A signal is about to be delivered; resuming with it delivers it.
    case signal(Int32)
    /// Job control stopped the whole process, until SIGCONT comes.
    case groupStop
    /// A stop of ptrace's own: a new thread's first one, or the end of a group stop.
    case trap
    /// One of the chosen system calls is about to run.
    case callBegins
    /// A system call has run, after `resumeToReturn`.
    case callReturned
    /// It made another thread or process, whose number this is.
    case birth(of: Int32)
    /// execve(2) succeeded. The calling thread's number until then; from now on it has the process's.
    case executed(former: Int32)
    /// It is about to end.
    case ending
}

/// What a system call is asked, or what it gave back: PTRACE_GET_SYSCALL_INFO of ptrace(2).
public struct CallRegisters: Hashable, Sendable {
    /// The number of the call, which the processor's architecture gives its meaning.
    public var number: UInt64
    /// The six arguments as they stand in the registers.
    public var arguments: [UInt64]
    /// Where the program's next instruction is.
    public var instruction: UInt64
    /// Where its stack ends.
    public var stack: UInt64
    /// After the call: its value, or a negative errno.
    public var result: Int64
}

/// The processors whose system calls netprobe knows.
public enum ProcessorArchitecture: Hashable, Sendable {
    /// AMD64, Intel 64.
    case x86_64
    /// AArch64.
    case arm64

    /// That of this program; nil where programs cannot be traced.
    public static var current: ProcessorArchitecture? {
        #if os(Linux) && arch(x86_64)
            .x86_64
        #elseif os(Linux) && arch(arm64)
            .arm64
        #else
            nil
        #endif
    }
}
