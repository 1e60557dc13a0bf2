import Diagnosis
import Sockets

/// A program of a run, from its start to its end: its process, its pipes, what strace says about it.
final class RunningProgram {
    let program: RunProgram
    /// The child that was started: the program itself, or the strace around it.
    let process: Int32
    let output: ChildPrograms.Output
    let errors: ChildPrograms.Output
    let traceOutput: ChildPrograms.Output?
    let isTraced: Bool
    var trace = StraceTrace()
    private var words = StraceTrace()
    private let isWatched: Bool
    /// What strace complained of.
    var complaints: [String] { trace.complaints + words.complaints }
    var ending: ProgramEnding?
    /// Set when this process decided that it has to end.
    var wasStopped = false
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// Starts the program, under strace where there is one.
    init(_ program: RunProgram, _ settings: RunSettings) throws(SocketError) {
        self.program = program
        isWatched = false
        output = try ChildPrograms.Output()
        errors = try ChildPrograms.Output()
        if let strace = settings.strace {
            let trace = try ChildPrograms.Output()
            traceOutput = trace
            isTraced = true
            process = try ChildPrograms.start(
                strace,
                StraceCommand.starting(
                    program, output: trace.path, setpriv: settings.dropsCapabilities ? settings.setpriv : nil),
                output: output, errors: errors, keepsInput: program.keepsInput, withoutCapabilities: false)
        } else {
            traceOutput = nil
            isTraced = false
            process = try ChildPrograms.start(
                program.path, program.arguments, output: output, errors: errors, keepsInput: program.keepsInput,
                withoutCapabilities: settings.dropsCapabilities)
        }
    }

    /// Watches a program that runs already.
    init(watching process: Int32, as program: RunProgram, strace: String) throws(SocketError) {
        self.program = program
        output = try ChildPrograms.Output()
        errors = try ChildPrograms.Output()
        let lines = try ChildPrograms.Output()
        traceOutput = lines
        isTraced = true
        isWatched = true
        self.process = try ChildPrograms.start(
            strace, StraceCommand.attaching(to: process, output: lines.path), output: output, errors: errors,
            keepsInput: false, withoutCapabilities: false)
        trace.begin(threads: (DirectoryListing.names(in: "/proc/\(process)/task") ?? []).compactMap { Int32($0) })
    }

    /// What can become readable.
    var descriptors: [Int32] {
        [output.readEnd, errors.readEnd] + (traceOutput.map { [$0.readEnd] } ?? [])
    }

    /// Takes what is there, without waiting; says how many bytes those were.
    func takeOutput(_ report: (RunEvent) -> Void) -> Int {
        var taken = 0
        for (pipe, isError) in [(output, false), (errors, true)] {
            while let count = pipe.read(into: &buffer), count > 0 {
                taken += count
                if isWatched {
                    // The program's own output goes where it always went; this is strace's.
                    words.take(buffer.prefix(count))
                    continue
                }
                report(.output(program.end, isError: isError, Array(buffer.prefix(count))))
            }
        }
        guard let traceOutput else { return taken }
        while let count = traceOutput.read(into: &buffer), count > 0 {
            taken += count
            trace.take(buffer.prefix(count))
            report(.traced(program.end, Array(buffer.prefix(count))))
        }
        return taken
    }

    /// Whether the program itself has ended; what it left running may go on.
    var isOver: Bool { ending != nil || trace.hasEnded }

    /// Notes the end of its process.
    func ended(_ end: ChildPrograms.Ended) {
        if let failure = trace.startFailure {
            ending = .notStarted(failure)
        } else if wasStopped {
            ending = .stopped
        } else if let signal = end.signal {
            ending = .killed(signal: signal)
        } else {
            ending = .exited(end.status)
        }
    }
}

/// What happens while programs run.
public enum RunEvent: Sendable {
    case started(SocketCall.End)
    case output(SocketCall.End, isError: Bool, [UInt8])
    case ended(SocketCall.End, ProgramEnding)
    /// What strace wrote, as it wrote it.
    case traced(SocketCall.End, [UInt8])
    /// A server did not listen within the time; its clients are started all the same.
    case notListening(SocketCall.End, after: Duration)
}
