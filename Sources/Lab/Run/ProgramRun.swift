import Addressing
import Capture
import Conversations
import Packets
import Sockets

/// What a run recorded: every packet and every socket call, on one clock, and how the programs ended.
public struct RunRecording: Sendable {
    public var records: [CapturedRecord]
    public var interface: CaptureInterface
    public var statistics: LiveCaptureStatistics
    public var calls: [SocketCall]
    public var endings: [(end: SocketCall.End, isServer: Bool, ending: ProgramEnding)]
    /// Whether the calls were looked for: strace is installed.
    public var isTraced: Bool
    /// Lines of strace's that could not be read.
    public var unreadableLines: Int
    /// What strace itself complained of.
    public var traceErrors: [String]
    public var stop: Stop?

    /// Why it was ended before the programs were done.
    public enum Stop: Hashable, Sendable {
        case timeout
        case signal(Int32)
    }
}

/// Why a run could not be.
public enum RunError: Error, Sendable {
    case capture(CaptureDeviceError)
    case socket(SocketError)
}

/// Runs programs that others wrote and captures what they send, on one thread: it waits for packets, for the programs'
/// output, for strace's lines and for signals, all at once. Servers first, one after the other, each until it listens;
/// then the clients. When it returns, nothing that it started runs any more.
public struct ProgramRun: ~Copyable {
    private let settings: RunSettings
    private let signals: SignalWaiter
    private var capture: LiveCapture
    private var collected = CollectedPackets(mark: nil)
    private var programs: [RunningProgram] = []
    private var endings: [SocketCall.End: ProgramEnding] = [:]
    private var stop: RunRecording.Stop?
    private let deadline: ContinuousClock.Instant?
    private var lastMove = ContinuousClock.now

    /// How long a server may take until it listens: a Java program under strace needs seconds.
    private static let patience = Duration.seconds(15)
    /// How long nothing may happen until servers are ended that go on after their clients.
    private static let farewell = Duration.milliseconds(300)
    /// How long a program has from SIGTERM to SIGKILL.
    private static let grace = Duration.seconds(1)

    /// Opens the capture. The signals that end a program are taken from now on, so that a run ends in order.
    public init(_ settings: RunSettings, signals: SignalWaiter) throws(RunError) {
        self.settings = settings
        self.signals = signals
        deadline = settings.timeout.map { ContinuousClock.now + $0 }
        var options = LiveCaptureOptions()
        // As in the demos: blocks of packets, handed over after a millisecond.
        options.immediate = false
        options.timeoutMilliseconds = 1
        options.bufferSize = 64 << 20
        do throws(CaptureDeviceError) {
            var opened = try LiveCapture(device: settings.interface, options: options)
            if let filter = settings.filter { try opened.setFilter(filter) }
            capture = opened
        } catch {
            throw .capture(error)
        }
        ChildPrograms.adoptOrphans()
    }

    /// Runs everything to its end.
    public mutating func run(_ report: (RunEvent) -> Void) throws(RunError) -> RunRecording {
        let outcome: Result<Void, RunError>
        do throws(RunError) {
            if let process = settings.attachTo { try watch(process, report) } else { try runPrograms(report) }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        ChildPrograms.endAll()
        for program in programs { _ = program.takeOutput(report) }
        try outcome.get()
        try drain(report)
        return recording()
    }

    private mutating func runPrograms(_ report: (RunEvent) -> Void) throws(RunError) {
        for program in settings.programs where program.isServer {
            let before = settings.waitingSockets()
            guard let running = try start(program, report) else { continue }
            try waitUntilListening(running, before, report)
            if stop != nil { return try endAll(report) }
        }
        for program in settings.programs where !program.isServer { _ = try start(program, report) }
        try pump(report) { run in !run.programs.contains { !$0.program.isServer && $0.ending == nil } }
        // Servers that end by themselves have the time to; others are ended when nothing happens any more.
        if stop == nil {
            lastMove = .now
            try pump(report) { run in
                !run.programs.contains { $0.ending == nil } || ContinuousClock.now - run.lastMove > Self.farewell
            }
        }
        try endAll(report)
    }

    private mutating func watch(_ process: Int32, _ report: (RunEvent) -> Void) throws(RunError) {
        let program = RunProgram(end: "program", isServer: false, path: "", arguments: [], keepsInput: false)
        guard let strace = settings.strace else { return }
        do throws(SocketError) {
            programs.append(try RunningProgram(watching: process, as: program, strace: strace))
        } catch {
            throw .socket(error)
        }
        report(.started(program.end))
        try pump(report) { run in !run.programs.contains { $0.ending == nil } }
        // strace lets go of the program when it is asked to end.
        for program in programs where program.ending == nil {
            ChildPrograms.signal(SignalNumbers.terminate, to: program.process)
            endings[program.program.end] = .leftRunning
        }
        let until = ContinuousClock.now + Self.grace
        try pump(report, untilStop: false) { run in !run.programs.contains { $0.ending == nil } || ContinuousClock.now > until }
    }

    // MARK: Starting and ending

    private mutating func start(_ program: RunProgram, _ report: (RunEvent) -> Void) throws(RunError) -> RunningProgram? {
        do throws(SocketError) {
            let running = try RunningProgram(program, settings)
            programs.append(running)
            report(.started(program.end))
            return running
        } catch {
            endings[program.end] = .notStarted(error.codeName)
            report(.ended(program.end, .notStarted(error.codeName)))
            return nil
        }
    }

    private mutating func waitUntilListening(
        _ server: RunningProgram, _ before: Set<UInt64>, _ report: (RunEvent) -> Void
    ) throws(RunError) {
        let until = ContinuousClock.now + Self.patience
        let waiting = settings.waitingSockets
        var seen: Set<UInt64> = []
        var since = ContinuousClock.now
        try pump(report) { _ in
            if server.ending != nil || ContinuousClock.now > until { return true }
            // A server may listen on several ports, one after the other: a moment without a new one says that it is ready.
            let now = waiting().subtracting(before)
            if now != seen { (seen, since) = (now, .now) }
            return !seen.isEmpty && ContinuousClock.now - since > .milliseconds(15)
        }
        if stop == nil, server.ending == nil, seen.isEmpty { report(.notListening(server.program.end, after: Self.patience)) }
    }

    /// Asks what still runs to end, then makes it.
    private mutating func endAll(_ report: (RunEvent) -> Void) throws(RunError) {
        let alive = programs.filter { $0.ending == nil }
        if alive.isEmpty, !ChildPrograms.hasChildren { return }
        for program in alive {
            program.wasStopped = true
            // strace itself ends with the last of those that it traces, and says how.
            ChildPrograms.signal(SignalNumbers.terminate, descendantsOf: program.process)
            if !program.isTraced { ChildPrograms.signal(SignalNumbers.terminate, to: program.process) }
        }
        let until = ContinuousClock.now + Self.grace
        try pump(report, untilStop: false) { run in !run.programs.contains { $0.ending == nil } || ContinuousClock.now > until }
        ChildPrograms.signal(SignalNumbers.kill, descendantsOf: ChildPrograms.ownProcess, sparing: Set(programs.filter(\.isTraced).map(\.process)))
        let last = ContinuousClock.now + Self.grace
        try pump(report, untilStop: false) { run in !run.programs.contains { $0.ending == nil } || ContinuousClock.now > last }
    }

    // MARK: Waiting

    /// Takes packets, output and endings until something is so, or until the run is to stop.
    private mutating func pump(
        _ report: (RunEvent) -> Void, untilStop: Bool = true, until done: (borrowing ProgramRun) -> Bool
    ) throws(RunError) {
        while true {
            if try step(report, waiting: .milliseconds(5)) { lastMove = .now }
            if untilStop, stop == nil {
                if let signal = signals.next() { stop = .signal(signal) }
                if let deadline, ContinuousClock.now > deadline { stop = .timeout }
            }
            if untilStop, stop != nil { return }
            if done(self) { return }
        }
    }

    /// One look at everything; says whether there was anything.
    private mutating func step(_ report: (RunEvent) -> Void, waiting: Duration) throws(RunError) -> Bool {
        var descriptors = programs.flatMap(\.descriptors) + [signals.descriptor]
        if let descriptor = capture.selectableDescriptor { descriptors.append(descriptor) }
        do throws(SocketError) { _ = try waitReadable(descriptors, timeout: waiting) } catch { throw .socket(error) }
        var moved = try takePackets() > 0
        let ended = ChildPrograms.collectEnded()
        for program in programs where program.takeOutput(report) > 0 { moved = true }
        for end in ended {
            guard let program = programs.first(where: { $0.process == end.process && $0.ending == nil }) else { continue }
            _ = program.takeOutput(report)
            program.ended(end)
            if let left = endings[program.program.end] { program.ending = left }
            if let ending = program.ending {
                endings[program.program.end] = ending
                report(.ended(program.program.end, ending))
            }
            moved = true
        }
        return moved
    }

    // MARK: The capture

    private mutating func takePackets() throws(RunError) -> Int {
        var taken = 0
        do throws(CaptureDeviceError) {
            while let header = try capture.next() {
                collected.add(header, capture.bytes)
                taken += 1
            }
        } catch {
            throw .capture(error)
        }
        return taken
    }

    /// Takes the last packets: the programs are gone, but the kernel may still hold a block back.
    private mutating func drain(_ report: (RunEvent) -> Void) throws(RunError) {
        var quiet = 0
        while quiet < 4 { quiet = try step(report, waiting: .milliseconds(5)) ? 0 : quiet + 1 }
    }

    private mutating func recording() -> RunRecording {
        let statistics = (try? capture.statistics()) ?? LiveCaptureStatistics()
        var calls: [SocketCall] = []
        for program in programs { calls += program.trace.calls(of: program.program.end) }
        calls = calls.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
        for index in calls.indices { calls[index].id = index + 1 }
        calls = CallTimes.corrected(calls, collected.packets.compactMap(\.segment))
        let known = settings.attachTo == nil ? settings.programs : programs.map(\.program)
        return RunRecording(
            records: collected.records, interface: capture.interface, statistics: statistics, calls: calls,
            endings: known.map { ($0.end, $0.isServer, endings[$0.end] ?? .stopped) }, isTraced: settings.strace != nil,
            unreadableLines: programs.reduce(0) { $0 + $1.trace.unreadableLines }, traceErrors: programs.flatMap(\.trace.complaints), stop: stop)
    }
}
