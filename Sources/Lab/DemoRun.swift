import Addressing
import Capture
import Conversations
import Packets
import Services
import Sockets
import Synchronization

/// What a demo recorded: every packet and every socket call, on one clock.
public struct DemoRecording: Sendable {
    public var records: [CapturedRecord]
    public var interface: CaptureInterface
    public var calls: [SocketCall]
    public var statistics: LiveCaptureStatistics
    /// What came back for each message, for each step in order.
    public var answers: [[[UInt8]]]
    /// Whether every conversation was seen to its end; false means that packets may be missing.
    public var isComplete: Bool
}

/// Why a demo could not be run.
public enum DemoError: Error, Sendable {
    case capture(CaptureDeviceError)
    case socket(SocketError)
    /// Nothing moved any more for so long.
    case stalled(step: Demo.Step, after: Duration)
}

/// Runs the server and the client of a demo on two threads while the calling thread captures: nobody waits for a fixed
/// time, the client starts when the server listens, and the capture ends when the conversations have.
public struct DemoRun: ~Copyable {
    private let demo: Demo
    private let settings: DemoSettings
    private let recorder: CallRecorder
    private var capture: LiveCapture
    private var collected = CollectedPackets()

    /// How long nothing may move before a demo is given up: no demo on one machine has a reason to be silent for so long.
    private static let patience = Duration.seconds(10)
    /// How long to wait for the last segments once both programs have ended; the kernel delivers them in microseconds.
    private static let farewell = Duration.milliseconds(300)

    /// Opens the capture.
    ///
    /// - Parameters:
    ///   - filter: keeps other programs' packets out where the loopback is not private; nil records everything.
    ///   - clock: the one that stamps packets too.
    public init(
        _ demo: Demo, _ settings: DemoSettings, interface: String, filter: String?, clock: @escaping @Sendable () -> Timestamp
    ) throws(DemoError) {
        self.demo = demo
        self.settings = settings
        recorder = CallRecorder(clock: clock)
        var options = LiveCaptureOptions()
        // Immediate mode would give every packet a slot of the snaplen's size and so hold a few dozen; blocks hold what fits
        // (TPACKET_V3) and are handed over after a millisecond or as soon as the kernel's clock allows.
        options.immediate = false
        options.timeoutMilliseconds = 1
        options.bufferSize = 16 << 20
        do throws(CaptureDeviceError) {
            var opened = try LiveCapture(device: interface, options: options)
            if let filter { try opened.setFilter(filter) }
            capture = opened
        } catch {
            throw .capture(error)
        }
    }

    /// Runs every step of the demo, one after the other.
    public mutating func run() throws(DemoError) -> DemoRecording {
        var answers: [[[UInt8]]] = []
        for step in demo.steps { answers.append(try run(step)) }
        let complete = try drain()
        let statistics = (try? capture.statistics()) ?? LiveCaptureStatistics()
        return DemoRecording(
            records: collected.records, interface: capture.interface, calls: recorder.calls, statistics: statistics, answers: answers,
            isComplete: complete && statistics.dropped == 0)
    }

    // MARK: The two programs

    private mutating func run(_ step: Demo.Step) throws(DemoError) -> [[UInt8]] {
        let stage = Stage()
        let stop = SocketStop()
        do throws(SocketError) {
            _ = try SystemThread<Void>.start { [settings, recorder] in Self.serve(step, settings, recorder, stage, stop) }
        } catch {
            throw .socket(error)
        }
        var lastMove = ContinuousClock.now
        while true {
            if try takePackets(waiting: .milliseconds(5)) > 0 { lastMove = .now }
            if let error = stage.failure {
                stop.stop()
                throw .socket(error)
            }
            if let answers = stage.answers { return answers }
            if ContinuousClock.now - lastMove > Self.patience {
                stop.stop()
                throw .stalled(step: step, after: Self.patience)
            }
        }
    }

    /// The server's thread. The client starts as soon as there is somebody to connect to.
    private static func serve(_ step: Demo.Step, _ settings: DemoSettings, _ recorder: CallRecorder, _ stage: Stage, _ stop: SocketStop) {
        let server = BlockingDriver(socket: recorder.sockets(.server), stop: stop)
        do throws(SocketError) {
            let report: (ServiceEvent) -> Void = { event in
                guard case .listening(let endpoint) = event else { return }
                do throws(SocketError) {
                    _ = try SystemThread<Void>.start { request(step, endpoint, settings, recorder, stage, stop) }
                } catch {
                    stage.fail(error)
                    stop.stop()
                }
            }
            switch step {
            case .tcpEcho: try server.serveTCP(at: settings.server, connections: 1, reuseAddress: false, logic: { Echo() }, report: report)
            case .udpEcho: try server.serveUDP(at: settings.server, datagrams: settings.count, logic: Echo(), report: report)
            }
        } catch {
            stage.fail(error)
        }
        stage.serverEnded()
    }

    /// The client's thread.
    private static func request(
        _ step: Demo.Step, _ server: Endpoint, _ settings: DemoSettings, _ recorder: CallRecorder, _ stage: Stage, _ stop: SocketStop
    ) {
        waitForServer(recorder)
        let client = EchoClient(socket: recorder.sockets(.client))
        do throws(SocketError) {
            switch step {
            case .tcpEcho: stage.clientEnded(try client.tcp(server, message: settings.message, count: settings.count))
            case .udpEcho: stage.clientEnded(try client.udp(server, message: settings.message, count: settings.count))
            }
        } catch {
            stage.fail(error)
            stop.stop()
        }
    }

    /// Waits until the server is about to block in its first `accept` or `recvfrom`, as a server that was started before
    /// its client does: otherwise threads of one process race for who is first. Only for a moment: nothing depends on it.
    private static func waitForServer(_ recorder: CallRecorder) {
        let deadline = ContinuousClock.now + .milliseconds(2)
        while ContinuousClock.now < deadline {
            if recorder.calls.contains(where: { $0.name == .accept || $0.name == .recvfrom }) { return }
        }
    }

    // MARK: The capture

    /// Takes the packets that are there, after waiting for the first one; says how many.
    private mutating func takePackets(waiting: Duration) throws(DemoError) -> Int {
        do throws(SocketError) {
            if let descriptor = capture.selectableDescriptor { _ = try waitReadable([descriptor], timeout: waiting) }
        } catch {
            throw .socket(error)
        }
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

    /// Waits for the last segments: libpcap delivers what the kernel has recorded, and the programs may end before that.
    private mutating func drain() throws(DemoError) -> Bool {
        let deadline = ContinuousClock.now + Self.farewell
        var quiet = false
        while true {
            if try takePackets(waiting: .milliseconds(quiet ? 0 : 2)) == 0 {
                if quiet, isComplete { return true }
                quiet = true
            } else {
                quiet = false
            }
            if ContinuousClock.now > deadline { return isComplete }
        }
    }

    /// Whether every connection was seen to its end, and every datagram that was sent.
    private var isComplete: Bool {
        let conversations = Conversation.all(in: collected.packets)
        let tcpSteps = demo.steps.filter { $0 == .tcpEcho }.count
        let finished = conversations.filter { $0.connection?.isOver ?? false }.count
        let sent = recorder.calls.filter { call in
            guard call.name == .sendto, case .value = call.result else { return false }
            return true
        }.count
        return finished == tcpSteps && collected.packets.count { $0.transport == .udp } >= sent
    }
}

/// How far the two programs of a step are, shared by their threads and the one that captures.
private final class Stage: Sendable {
    private struct State {
        var serverIsOver = false
        var answers: [[UInt8]]?
        var failure: SocketError?
    }

    private let state = Mutex(State())

    func serverEnded() { state.withLock { $0.serverIsOver = true } }
    func clientEnded(_ answers: [[UInt8]]) { state.withLock { $0.answers = answers } }
    func fail(_ error: SocketError) { state.withLock { if $0.failure == nil { $0.failure = error } } }

    var failure: SocketError? { state.withLock { $0.failure } }
    /// The client's answers, once both programs have ended.
    var answers: [[UInt8]]? { state.withLock { $0.serverIsOver ? $0.answers : nil } }
}
