import Addressing
import Capture
import Sockets

/// Runs the two programs of a demo on two threads while the calling thread captures. Nobody waits for a fixed time: the capture
/// ends when the programs have, and a mark shows that everything before it was recorded. What was recorded is given back however
/// the run ended.
public struct DemoRun: ~Copyable {
    private let demo: any Demo
    private let settings: DemoSettings
    private let recorder: CallRecorder
    private let signals: SignalWaiter?
    private var capture: LiveCapture
    private var collected: CollectedPackets
    private let mark: CaptureMark

    /// How long nothing may move before a demo is given up: no demo on one machine has a reason to be silent for so long.
    private static let patience = Duration.seconds(10)
    /// How long to wait for the last segments once both programs have ended; the kernel delivers them in microseconds.
    private static let farewell = Duration.seconds(1)

    /// Opens the capture.
    ///
    /// - Parameters:
    ///   - isPrivate: whether the interface is all the demo's own. Else other programs' packets are kept out.
    ///   - signals: ends the run early.
    ///   - clock: the one that stamps packets too.
    /// - Throws: `CaptureDeviceError` or, where not even the mark can be made, `SocketError`.
    public init(
        _ demo: any Demo, _ settings: DemoSettings, interface: String, isPrivate: Bool, signals: SignalWaiter? = nil,
        clock: @escaping @Sendable () -> Timestamp
    ) throws {
        let mark = try CaptureMark()
        var options = LiveCaptureOptions()
        // Immediate mode would give every packet a slot of the snaplen's size and so hold a few dozen; blocks hold what fits
        // (TPACKET_V3) and are handed over after a millisecond or as soon as the kernel's clock allows.
        options.immediate = false
        options.timeoutMilliseconds = 1
        options.bufferSize = 16 << 20
        var capture = try LiveCapture(device: interface, options: options)
        if !isPrivate {
            let first = settings.server.port.rawValue
            let ports = "portrange \(first)-\(first &+ UInt16(clamping: demo.furtherPorts))"
            try capture.setFilter("((tcp or udp) and \(ports)) or icmp or icmp6 or (udp and port \(mark.endpoint.port))")
        }
        self.demo = demo
        self.settings = settings
        self.signals = signals
        recorder = CallRecorder(clock: clock)
        collected = CollectedPackets(mark: mark.endpoint)
        self.mark = mark
        self.capture = capture
    }

    /// Runs every part of the demo, one after the other.
    public mutating func run() -> DemoRecording {
        var verdicts: [Verdict] = []
        var ending = DemoRecording.Ending.finished
        var isComplete = true
        for part in demo.parts {
            let (packets, calls) = (collected.packets.count, recorder.count)
            let stage = Stage(programs: 2)
            ending = run(part, stage)
            if ending != .finished {
                stage.stop.stop()
                _ = drain(for: part)
                break
            }
            isComplete = drain(for: part) && isComplete
            let evidence = Evidence(
                settings: settings, packets: Array(collected.packets.dropFirst(packets)), calls: Array(recorder.calls.dropFirst(calls)),
                answers: stage.answers)
            do throws(NotSeen) { verdicts.append(try part.verdict(evidence)) } catch { verdicts.append(.notSeen(error.what)) }
        }
        let statistics = (try? capture.statistics()) ?? LiveCaptureStatistics()
        return DemoRecording(
            records: collected.records, interface: capture.interface, calls: recorder.calls, statistics: statistics, ending: ending,
            verdicts: verdicts, gap: gap(statistics, isComplete))
    }

    private func gap(_ statistics: LiveCaptureStatistics, _ isComplete: Bool) -> String? {
        if statistics.dropped > 0 { return "\(statistics.dropped) were dropped by the kernel" }
        if isComplete { return nil }
        return collected.sawMark ? "not every connection was seen to its end" : "the end of the recording was not seen"
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
            if ContinuousClock.now - lastMove > Self.patience { return .stalled(demo: part.name, after: Self.patience) }
        }
    }

    /// Starts one of the programs. After a failure of one the other may stay in a call for ever: it ends with the process.
    private func start(
        _ end: SocketCall.End, _ stage: Stage, _ program: @escaping @Sendable (Role) throws(SocketError) -> Void
    ) throws(SocketError) {
        let role = Role(end, settings, recorder, stage)
        _ = try SystemThread<Void>.start {
            do throws(SocketError) { try program(role) } catch { stage.fail(error) }
            stage.ended()
        }
    }

    // MARK: The capture

    /// Takes the packets that are there, after waiting for the first one or a signal; says how many.
    private mutating func takePackets(waiting: Duration) throws -> Int {
        var descriptors: [Int32] = []
        if let descriptor = capture.selectableDescriptor { descriptors.append(descriptor) }
        if let signals { descriptors.append(signals.descriptor) }
        _ = try waitReadable(descriptors, timeout: waiting)
        var taken = 0
        while let header = try capture.next() {
            collected.add(header, capture.bytes)
            taken += 1
        }
        return taken
    }

    /// Waits until the mark has come, and then for segments that the kernel still sends by itself: a FIN's ACK, a delayed ACK.
    private mutating func drain(for part: any Demo) -> Bool {
        let deadline = ContinuousClock.now + Self.farewell
        collected.expectMark()
        do {
            try mark.send()
            while true {
                let taken = try takePackets(waiting: .milliseconds(1))
                if collected.sawMark, part.leavesConnectionsOpen || collected.everyConnectionIsOver() { return true }
                // Lost, if the kernel's buffer was full.
                if taken == 0, !collected.sawMark { try mark.send() }
                if ContinuousClock.now > deadline { return false }
            }
        } catch {
            return false
        }
    }
}
