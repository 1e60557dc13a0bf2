/// What a trace tells while it runs.
public enum TraceEvent: Sendable {
    /// A call returned; or its thread ended before it did, and then its result is pending.
    case call(TracedCall)
    /// A process was made, by which other one; nil: the program itself.
    case began(process: Int32, parent: Int32?)
    /// execve(2) made another program of a process.
    case executed(process: Int32)
    /// A process set up an io_uring(7): what it asks for there is no system call, and is not seen.
    case usesRing(process: Int32)
    /// A process ended.
    case ended(process: Int32, ProgramEnd)
}

/// How a program ended.
public enum ProgramEnd: Hashable, Sendable {
    /// By itself, with this status.
    case exited(status: Int32)
    /// By a signal.
    case killed(signal: Int32)
    /// It never began: execve(2) failed with this errno.
    case notStarted(errno: Int32)

    /// The status that a shell shows: 128 and the signal's number for one that was killed; 127 for a file that is not
    /// there, 126 for one that cannot be executed.
    public var shellStatus: Int32 {
        switch self {
        case .exited(let status): status
        case .killed(let signal): 128 + signal
        case .notStarted(let errno): errno == 2 ? 127 : 126
        }
    }
}
