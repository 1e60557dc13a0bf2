import Addressing
import Platform
import Sockets

/// Runs a program and tells every call that it, and all that it starts, makes on sockets: ptrace(2), woken by a
/// seccomp(2) filter at those calls alone.
///
/// `run` holds its thread until the last process has ended: ptrace belongs to one thread. Nothing survives that
/// thread. The program's other calls run at full speed; its signals, job control, threads and exit status stay as they
/// are. Only a set-user-ID program runs without its rights, and calls of another architecture (32-bit programs)
/// are not seen.
///
///     call stop (before it runs) ─ arguments, start ─→ PTRACE_SYSCALL ─→ return stop ─ result, finish ─→ PTRACE_CONT
public struct Tracer {
    /// How many bytes of the data that a call moves are kept, if nobody says otherwise.
    public static let usualDataLimit = 256

    private let clock: () -> Timestamp
    private let dataLimit: Int

    /// - Parameters:
    ///   - dataLimit: how many bytes are kept of what a call moved.
    ///   - clock: the calls' times are read from it, as close to the calls as a tracer can.
    public init(dataLimit: Int = usualDataLimit, clock: @escaping () -> Timestamp) {
        self.dataLimit = max(0, dataLimit)
        self.clock = clock
    }

    /// Whether calls can be traced on this system and processor at all; the system's rules may still forbid it.
    public static var isSupported: Bool { ProcessorArchitecture.current != nil }

    /// Runs a program to the end of all that it started.
    ///
    /// - Parameters:
    ///   - path: the file; it is not looked for.
    ///   - arguments: those after the program's name.
    ///   - input: the descriptor that becomes the program's standard input, as `output` and `errors` become its others.
    ///   - lane: what its calls are told under: `server`, and `server/2` for its second process.
    ///   - tell: is given what happens, in order, on this thread; the programs go on when it has returned.
    /// - Returns: how the program's first process ended.
    /// - Throws: EPERM where the system allows no tracing, ENOTSUP where there is none.
    public func run(
        _ path: String, _ arguments: [String] = [], input: Int32 = 0, output: Int32 = 1, errors: Int32 = 2,
        withoutCapabilities: Bool = false, lane: SocketCall.End = "client", tell: (TraceEvent) -> Void
    ) throws(SocketError) -> ProgramEnd {
        guard let architecture = ProcessorArchitecture.current else {
            throw SocketError("ptrace", SocketError.notSupported, subject: path)
        }
        let table = SystemCallTable(architecture)
        let program = try ProgramTracing.start(
            path, arguments, input: input, output: output, errors: errors, withoutCapabilities: withoutCapabilities,
            stoppingAt: table.numbers)
        var calls = CallFollower(
            table: table, architecture: architecture, dataLimit: dataLimit, lanes: TraceLanes(lane), clock: clock)
        var threads = TracedThreads(program: program)
        tell(.began(process: program, parent: nil))
        while let (thread, stop) = ProgramTracing.wait() {
            let time = clock()
            threads.take(stop, of: thread, at: time, &calls, tell)
        }
        return threads.end(of: program)
    }
}
