import Addressing
import Capture
import Sockets

/// Runs the two programs of a demo on two threads while the calling thread captures. Nobody waits for a fixed time: the
/// capture ends when the programs have, and a mark shows that everything before it was recorded. What was recorded is
/// given back however the run ended.
public struct DemoRun<Scene: DemoScene & ~Copyable>: ~Copyable {
    private let demo: any Demo
    private let settings: DemoSettings
    private let recorder: CallRecorder
    private let signals: SignalWaiter?
    private var scene: Scene

    /// - Parameters:
    ///   - scene: where it runs.
    ///   - signals: ends the run early.
    ///   - clock: the one that stamps packets too.
    public init(
        _ demo: any Demo, _ settings: DemoSettings, on scene: consuming Scene, signals: SignalWaiter? = nil,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.demo = demo
        self.settings = settings
        self.signals = signals
        recorder = CallRecorder(clock: clock)
        self.scene = scene
    }

    /// Runs every part of the demo, one after the other.
    public mutating func run() -> DemoRecording {
        var verdicts: [Verdict] = []
        var ending = DemoRecording.Ending.finished
        var isComplete = true
        for part in demo.parts {
            let (packets, calls) = (scene.count, recorder.count)
            let stage = Stage(programs: 2, oneWay: scene.oneWay, patience: scene.longestWait)
            ending = run(part, stage)
            if ending != .finished {
                stage.stop.stop()
                _ = drain(for: part, isCutShort: true)
                break
            }
            isComplete = drain(for: part) && isComplete
            let evidence = Evidence(
                settings: settings, scene.view(after: packets), calls: Array(recorder.calls.dropFirst(calls)),
                answers: stage.answers)
            do throws(NotSeen) { verdicts.append(try part.verdict(evidence)) } catch {
                verdicts.append(.notSeen(error.what))
            }
        }
        let sawMark = scene.sawMark()
        let recorded = scene.finish()
        return DemoRecording(
            recorded, calls: recorder.calls, ending: ending, verdicts: verdicts,
            gap: Self.gap(recorded, isComplete, sawMark))
    }

    private static func gap(_ recorded: SceneRecords, _ isComplete: Bool, _ sawMark: Bool) -> String? {
        let dropped = recorded.statistics.reduce(0) { $0 + $1.dropped }
        if dropped > 0 { return "\(dropped) were dropped by the kernel" }
        if let log = recorded.wire?.log, !log.isFaithful {
            return "the wire itself lost \(log.missed + log.unsendable) frames, being short of time"
        }
        if isComplete { return nil }
        let loss = WireComments.lastLoss(in: recorded.records).map { "; \($0)" } ?? ""
        return sawMark ? "not every connection was seen to its end\(loss)" : "the end of the recording was not seen"
    }

    // MARK: The two programs

    private mutating func run(_ part: any Demo, _ stage: Stage) -> DemoRecording.Ending {
        do throws(SocketError) {
            try part.prepare(settings)
            try start(.server, stage) { (role) throws(SocketError) in try part.server(role) }
            try start(.client, stage) { (role) throws(SocketError) in try part.client(role) }
        } catch {
            return .failed(error)
        }
        var lastMove = ContinuousClock.now
        var calls = 0
        while true {
            do {
                if try takePackets(waiting: .milliseconds(5)) > 0 { lastMove = .now }
            } catch let error as CaptureDeviceError {
                return .captureFailed(error)
            } catch {
                return .failed(error as? SocketError ?? SocketError("poll", 0))
            }
            if let error = stage.failure { return .failed(error) }
            if stage.isOver { return .finished }
            if let signal = signals?.next() { return .interrupted(signal: signal) }
            let begun = recorder.count
            if begun != calls { (calls, lastMove) = (begun, .now) }
            if ContinuousClock.now - lastMove > .seconds(5) {
                let patience = scene.patience()
                if ContinuousClock.now - lastMove > patience { return .stalled(demo: part.name, after: patience) }
            }
        }
    }

    /// Starts one of the programs. After a failure of one the other may stay in a call for ever: it ends with the
    /// process.
    private func start(
        _ end: SocketCall.End, _ stage: Stage, _ program: @escaping @Sendable (Role) throws(SocketError) -> Void
    ) throws(SocketError) {
        let role = Role(end, settings, recorder, stage)
        let entrance = scene.entrance
        _ = try SystemThread<Void>.start {
            do throws(SocketError) {
                try entrance(end)
                try program(role)
            } catch {
                stage.fail(error)
            }
            stage.ended()
        }
    }

    // MARK: The capture

    /// Takes the packets that are there, after waiting for the first one or a signal; says how many.
    private mutating func takePackets(waiting: Duration) throws -> Int {
        try scene.takePackets(waiting: waiting, or: signals.map { [$0.descriptor] } ?? [])
    }

    /// So long the mark of a run that was cut short is waited for; it comes in milliseconds.
    private static var shortSettlingTime: Duration { .seconds(1) }

    /// Waits until the mark has come, and then for segments that the kernel still sends by itself: a FIN's ACK, a
    /// delayed ACK.
    /// - Parameter isCutShort: nobody waits for connections that will not end, or for packets that are sent again and
    ///   again.
    private mutating func drain(for part: any Demo, isCutShort: Bool = false) -> Bool {
        let start = ContinuousClock.now
        let limit = isCutShort ? Self.shortSettlingTime : nil
        scene.expectMark()
        do {
            try scene.sendMark()
            while true {
                let taken = try takePackets(waiting: .milliseconds(1))
                if isCutShort, scene.sawMark() { return true }
                if scene.sawMark(), !scene.hasUnderWay, part.leavesConnectionsOpen || scene.everyConnectionIsOver() {
                    return true
                }
                // Lost, if the kernel's buffer was full.
                if taken == 0, !scene.sawMark() { try scene.sendMark() }
                if ContinuousClock.now - start > limit ?? scene.settlingTime() { return false }
            }
        } catch {
            return false
        }
    }
}
