import Addressing
import Capture
import Packets
import Sockets
import Synchronization

/// Captures on a thread of its own while a program runs, and keeps every packet whole: for runs that a person watches,
/// not for days.
public final class LiveRecording: Sendable {
    /// What was recorded.
    public struct Result: Sendable {
        /// The packets, whole, as they came.
        public var records: [CapturedRecord] = []
        /// What was captured on.
        public var interface: CaptureInterface
        /// What libpcap counted.
        public var statistics: LiveCaptureStatistics
        /// There were more packets than are kept.
        public var isCutShort = false
    }

    /// More than this is not kept.
    public static let limit = 200_000

    private enum State: Sendable {
        case running
        case failed(CaptureDeviceError)
        case done(Result)
    }

    private let state = Mutex(State.running)
    private let isOver = Atomic(false)
    private let changed: ThreadGate
    /// The thread's alone, once it runs.
    private let capture: Mutex<LiveCapture?>

    /// Opens the capture: packets are kept from now on, and taken once it is started. Rights are needed for this alone,
    /// and Linux counts them by thread: give them up before `start`, which makes one.
    ///
    /// - Parameter filter: tcpdump's language.
    public init(interface: String, filter: String) throws(RunError) {
        do throws(CaptureDeviceError) {
            var options = LiveCaptureOptions()
            // Blocks, not slots of the snaplen's size: see `DemoRun`.
            options.immediate = false
            options.timeoutMilliseconds = 10
            options.bufferSize = 16 << 20
            options.promiscuous = false
            var device = try LiveCapture(device: interface, options: options)
            try device.setFilter(filter)
            capture = Mutex(consume device)
        } catch {
            throw .capture(error)
        }
        do throws(SocketError) { changed = try ThreadGate() } catch { throw .socket(error) }
    }

    /// Starts the thread that takes the packets. Once.
    public func start() throws(SocketError) { _ = try SystemThread<Void>.start { [self] in run() } }

    /// Ends it, once the packets of this moment are in.
    public func finish() throws(RunError) -> Result {
        isOver.store(true, ordering: .releasing)
        do throws(SocketError) {
            while try !changed.pass(within: .seconds(1)) {}
        } catch {
            throw .socket(error)
        }
        switch state.withLock({ $0 }) {
        case .done(let result): return result
        case .failed(let error): throw .capture(error)
        case .running: throw .socket(SocketError("capture", SocketError.ioError))
        }
    }

    private func run() {
        let end = capture.withLock { held -> State in
            guard var device = held.take() else { return .running }
            do throws(CaptureDeviceError) { return .done(try collect(&device)) } catch { return .failed(error) }
        }
        state.withLock { $0 = end }
        changed.open()
    }

    private func collect(_ capture: inout LiveCapture) throws(CaptureDeviceError) -> Result {
        var result = Result(interface: capture.interface, statistics: LiveCaptureStatistics())
        var deadline: ContinuousClock.Instant?
        while true {
            if deadline == nil, isOver.load(ordering: .acquiring) { deadline = .now + .milliseconds(150) }
            if let deadline, ContinuousClock.now > deadline { break }
            if let descriptor = capture.selectableDescriptor {
                _ = try? waitReadable([descriptor], timeout: .milliseconds(20))
            }
            while let header = try capture.next() {
                if result.records.count >= Self.limit {
                    result.isCutShort = true
                    continue
                }
                result.records.append(CapturedRecord(header: header, copying: capture.bytes))
            }
        }
        result.statistics = (try? capture.statistics()) ?? LiveCaptureStatistics()
        return result
    }
}
