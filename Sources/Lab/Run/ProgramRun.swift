import Addressing
import Capture
import Conversations
import Diagnosis
import Packets
import Sockets

/// What a run recorded: every packet and every socket call, on one clock, and how the programs ended.
public struct RunRecording: Sendable {
    /// The packets, as they were captured.
    public var records: [CapturedRecord]
    /// The interface that was captured on, or both hosts'.
    public var interfaces: [CaptureInterface]
    /// What each capture counted, in the order of `interfaces`.
    public var statistics: [LiveCaptureStatistics]
    /// The wire between two hosts, and what it did; nil where all programs were on one.
    public var wire: WireRecording?
    /// The socket calls of all programs, in the order of their starts.
    public var calls: [SocketCall]
    /// How each program ended.
    public var endings: [(end: SocketCall.End, isServer: Bool, ending: ProgramEnding)]
    /// When programs were asked to end that would have gone on; what they do from then on is because of that.
    public var ended: [SocketCall.End: Timestamp]
    /// Whether the calls were looked for: strace is installed.
    public var isTraced: Bool
    /// Lines of strace's that could not be read.
    public var unreadableLines: Int
    /// Programs whose calls strace cannot all see, because they use io_uring.
    public var withRings: [SocketCall.End]
    /// What strace itself complained of.
    public var traceErrors: [String]
    /// Why the run was ended from outside; nil where it was not.
    public var stop: Stop?
    /// What is missing of the packets, in words; nil where all are there.
    public var gap: String?
    /// Whether packets are known to be missing.
    public var isIncomplete = false

    /// Why it was ended before the programs were done.
    public enum Stop: Hashable, Sendable {
        case timeout
        case signal(Int32)
    }
}

/// Why a run could not take place.
public enum RunError: Error, Sendable {
    case capture(CaptureDeviceError)
    case socket(SocketError)
    case wire(WireError)

    /// - Parameter error: one of these.
    public init(_ error: any Error) {
        switch error {
        case let error as CaptureDeviceError: self = .capture(error)
        case let error as SocketError: self = .socket(error)
        case let error as WireError: self = .wire(error)
        default: self = .wire(.other("\(error)"))
        }
    }
}

/// Runs programs that others wrote and captures what they send, on one thread: it waits for packets, for the programs'
/// output, for strace's lines and for signals, all at once. Servers first, one after the other, each until it listens;
/// then the clients. When it returns, nothing that it started runs any more.
public struct ProgramRun<Scene: DemoScene & ~Copyable>: ~Copyable {
    private let settings: RunSettings
    private let signals: SignalWaiter
    private var scene: Scene
    private var programs: [RunningProgram] = []
    private var endings: [SocketCall.End: ProgramEnding] = [:]
    private var ended: [SocketCall.End: Timestamp] = [:]
    private var stop: RunRecording.Stop?
    private let deadline: ContinuousClock.Instant?
    private var lastMove = ContinuousClock.now

    /// How long a server may take until it listens: a Java program under strace needs seconds.
    private static var patience: Duration { .seconds(15) }
    /// How long nothing may happen until servers are ended that go on after their clients.
    private static var farewell: Duration { .milliseconds(300) }
    /// Nor are they waited for any longer, whatever happens.
    private static var longestFarewell: Duration { .seconds(3) }
    /// How long servers have longer where a retransmission may still bring them what their clients had sent.
    private static var repair: Duration { .seconds(10) }
    /// How long a program has from SIGTERM to SIGKILL.
    private static var grace: Duration { .seconds(1) }
    /// How long to wait for the mark; it comes in milliseconds.
    private static var lastWait: Duration { .seconds(1) }

    /// The signals that end a program are taken from now on, so that a run ends in order.
    ///
    /// - Parameter scene: where the programs run, captured already.
    public init(_ settings: RunSettings, on scene: consuming Scene, signals: SignalWaiter) {
        self.settings = settings
        self.signals = signals
        self.scene = scene
        deadline = settings.timeout.map { ContinuousClock.now + $0 }
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
            let before = waitingSockets(of: program.end)
            guard let running = try start(program, report) else { continue }
            try waitUntilListening(running, before, report)
            if stop != nil { return try endAll(report) }
        }
        for program in settings.programs where !program.isServer { _ = try start(program, report) }
        try pump(report) { run in !run.programs.contains { !$0.program.isServer && !$0.isOver } }
        // Servers that end by themselves have the time to; others are ended when nothing happens any more.
        if stop == nil {
            lastMove = .now
            let asked = settings.quitAfter
            let quiet = Self.farewell + scene.oneWay * 4
            let until = ContinuousClock.now + Self.repair
            let last = ContinuousClock.now + (asked ?? Self.longestFarewell) + scene.oneWay * 4
            repeat {
                try pump(report) { run in
                    !run.programs.contains { $0.ending == nil }
                        || asked == nil && ContinuousClock.now - run.lastMove > quiet || ContinuousClock.now > last
                }
                // What was lost is sent again only after a longer silence.
            } while stop == nil && scene.isRepairing() && ContinuousClock.now < until
                && programs.contains { $0.ending == nil }
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
        try pump(report, untilStop: false) { run in
            !run.programs.contains { $0.ending == nil } || ContinuousClock.now > until
        }
    }

    // MARK: Starting and ending

    private mutating func start(_ program: RunProgram, _ report: (RunEvent) -> Void) throws(RunError) -> RunningProgram?
    {
        do throws(SocketError) {
            let running = try scene.inside(program.end) { () throws(SocketError) in
                try RunningProgram(program, settings)
            }
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
        let end = server.program.end
        var seen: Set<UInt64> = []
        var since = ContinuousClock.now
        try pump(report) { run in
            if server.ending != nil || ContinuousClock.now > until { return true }
            // A server may listen on several ports, one after the other: a moment without a new one says that it is
            // ready.
            let now = run.waitingSockets(of: end).subtracting(before)
            if now != seen { (seen, since) = (now, .now) }
            return !seen.isEmpty && ContinuousClock.now - since > .milliseconds(15)
        }
        if stop == nil, server.ending == nil, seen.isEmpty {
            report(.notListening(server.program.end, after: Self.patience))
        }
    }

    /// The sockets that wait for others on a program's host.
    private func waitingSockets(of end: SocketCall.End) -> Set<UInt64> {
        (try? scene.inside(end) { () throws(SocketError) in settings.waitingSockets() }) ?? []
    }

    /// Asks what still runs to end, then makes it.
    private mutating func endAll(_ report: (RunEvent) -> Void) throws(RunError) {
        let alive = programs.filter { $0.ending == nil }
        if alive.isEmpty, !ChildPrograms.hasChildren { return }
        for program in alive {
            // What a program left running has no ending of its own; strace ends with the program's.
            program.wasStopped = !program.isOver
            ended[program.program.end] = settings.clock()
            // strace itself ends with the last of those that it traces, and says how.
            ChildPrograms.signal(SignalNumbers.terminate, descendantsOf: program.process)
            if !program.isTraced { ChildPrograms.signal(SignalNumbers.terminate, to: program.process) }
        }
        let until = ContinuousClock.now + Self.grace
        try pump(report, untilStop: false) { run in
            !run.programs.contains { $0.ending == nil } || ContinuousClock.now > until
        }
        ChildPrograms.signal(
            SignalNumbers.kill, descendantsOf: ChildPrograms.ownProcess,
            sparing: Set(programs.filter(\.isTraced).map(\.process)))
        let last = ContinuousClock.now + Self.grace
        try pump(report, untilStop: false) { run in
            !run.programs.contains { $0.ending == nil } || ContinuousClock.now > last
        }
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
        var moved: Bool
        do {
            moved =
                try scene.takePackets(waiting: waiting, or: programs.flatMap(\.descriptors) + [signals.descriptor]) > 0
        } catch {
            throw RunError(error)
        }
        let ended = ChildPrograms.collectEnded()
        for program in programs where program.takeOutput(report) > 0 { moved = true }
        for end in ended {
            guard let program = programs.first(where: { $0.process == end.process && $0.ending == nil }) else {
                continue
            }
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

    /// Takes the last packets: the programs are gone, but the kernel may still hold a block back. Then a quiet moment,
    /// for segments that the kernel sends by itself.
    private mutating func drain(_ report: (RunEvent) -> Void) throws(RunError) {
        let until = ContinuousClock.now + Self.lastWait + scene.oneWay * 4
        var quiet = 0
        scene.expectMark()
        if scene.carriesMarks { try? scene.sendMark() }
        while quiet < 4 || ContinuousClock.now < until && (scene.hasUnderWay || scene.carriesMarks && !scene.sawMark())
        {
            if try step(report, waiting: .milliseconds(5)) {
                quiet = 0
            } else {
                quiet += 1
                // Lost, if the kernel's buffer was full.
                if scene.carriesMarks, !scene.sawMark() { try? scene.sendMark() }
            }
        }
    }

    private static func isIncomplete(_ recorded: SceneRecords) -> Bool {
        recorded.statistics.contains { $0.dropped > 0 } || recorded.wire?.log.map { !$0.isFaithful } ?? false
    }

    private mutating func gap(_ recorded: SceneRecords) -> String? {
        let dropped = recorded.statistics.reduce(0) { $0 + $1.dropped }
        if dropped > 0 { return "the kernel dropped \(dropped) packets: the capture has gaps" }
        if let log = recorded.wire?.log, !log.isFaithful {
            return "the wire itself lost \(log.missed + log.unsendable) frames, being short of time"
        }
        return scene.carriesMarks && !scene.sawMark()
            ? "the end of the recording was not seen: the last packets may be missing" : nil
    }

    private mutating func recording() -> RunRecording {
        var calls: [SocketCall] = []
        let paths = programs.reduce(into: Set<String>()) { $0.formUnion($1.trace.boundPaths) }
        for program in programs { calls += program.trace.calls(of: program.program.end, unixPaths: paths) }
        calls = calls.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(
            \.element)
        for index in calls.indices { calls[index].id = index + 1 }
        // By what their own host saw.
        let hosts = calls.map { scene.host(of: $0.end) }
        for host in Set(hosts).sorted() {
            let positions = calls.indices.filter { hosts[$0] == host }
            let corrected = CallTimes.corrected(positions.map { calls[$0] }, scene.packets(on: host))
            for (position, call) in zip(positions, corrected) { calls[position] = call }
        }
        let started = Set(programs.map(\.program.end))
        let known = settings.attachTo == nil ? settings.programs : programs.map(\.program)
        let recorded = scene.finish()
        return RunRecording(
            records: recorded.records, interfaces: recorded.interfaces, statistics: recorded.statistics,
            wire: recorded.wire, calls: calls,
            endings: known.map {
                ($0.end, $0.isServer, endings[$0.end] ?? (started.contains($0.end) ? .stopped : .neverStarted))
            }, ended: ended,
            isTraced: settings.strace != nil,
            unreadableLines: programs.reduce(0) { $0 + $1.trace.unreadableLines },
            withRings: programs.filter(\.trace.usesRing).map(\.program.end),
            traceErrors: programs.flatMap(\.complaints), stop: stop, gap: gap(recorded),
            isIncomplete: Self.isIncomplete(recorded))
    }
}
