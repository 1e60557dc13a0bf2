import Addressing
import Capture
import Packets
import Sockets
import SystemPackage

/// Where the packets of a live capture go: printed, or into a file.
protocol CaptureDestination: ~Copyable {
    /// Takes a packet. Returns false when nobody wants any more (a closed pipe).
    mutating func take(_ header: RecordHeader, _ bytes: RawSpan) throws -> Bool
    /// Hands on what is buffered: nothing came for a moment.
    mutating func pause() throws -> Bool
    /// Ends with the capture's counts; also after an error.
    mutating func finish(_ statistics: LiveCaptureStatistics) throws
}

/// The loop of a live capture: waits for packets and for signals, and loses nothing at the end.
struct CaptureSession {
    private let limit: Int?
    private let duration: Duration?

    /// How long the kernel may hold a block of packets back.
    static let blockMilliseconds = 10
    /// How long to wait for the last block after the end was asked for; the kernel's timer may be late.
    private static let grace = Duration.milliseconds(100)

    init(limit: Int?, duration: Double?) {
        self.limit = limit
        self.duration = duration.map { .seconds($0) }
    }

    /// Runs until a limit, a signal, or the destination ends it. Counts go to standard error in any case.
    func run(_ capture: inout LiveCapture, into destination: inout some CaptureDestination & ~Copyable) throws {
        var taken = 0
        let signals: SignalWaiter
        do throws(SocketError) { signals = try SignalWaiter() } catch { throw CommandFailure(error) }
        let outcome = Result { try loop(&capture, &destination, signals, &taken) }
        let statistics = (try? capture.statistics()) ?? LiveCaptureStatistics()
        let ending = Result { try destination.finish(statistics) }
        Self.report(taken, statistics, on: capture.device)
        try outcome.get()
        try ending.get()
    }

    private func loop(
        _ capture: inout LiveCapture, _ destination: inout some CaptureDestination & ~Copyable, _ signals: SignalWaiter,
        _ taken: inout Int
    ) throws {
        let deadline = duration.map { ContinuousClock.now + $0 }
        // After a signal or at the deadline, what was recorded before that moment is still taken.
        var last: Timestamp?
        var graceEnds = ContinuousClock.now
        while true {
            var batch = 0
            while batch < 4096, taken < limit ?? .max, let header = try Self.next(&capture) {
                if let last, let time = header.timestamp, time > last { return }
                batch += 1
                taken += 1
                if try !destination.take(header, capture.bytes) { return }
            }
            if taken >= limit ?? .max { return }
            if last == nil, signals.next() != nil || deadline.map({ ContinuousClock.now >= $0 }) ?? false {
                last = SystemClock.now()
                graceEnds = .now + Self.grace
            }
            if batch > 0 { continue }
            if last != nil, ContinuousClock.now >= graceEnds { return }
            if try !destination.pause() { return }
            try Self.wait(capture, signals, until: last == nil ? deadline : graceEnds)
        }
    }

    private static func next(_ capture: inout LiveCapture) throws(CommandFailure) -> RecordHeader? {
        do throws(CaptureDeviceError) { return try capture.next() } catch { throw CommandFailure(error) }
    }

    private static func wait(
        _ capture: borrowing LiveCapture, _ signals: SignalWaiter, until deadline: ContinuousClock.Instant?
    ) throws(CommandFailure) {
        var timeout = capture.requiredTimeoutMicroseconds.map { Duration.microseconds($0) } ?? .seconds(1)
        if let deadline { timeout = min(timeout, max(.zero, deadline - ContinuousClock.now)) }
        var descriptors = [signals.descriptor]
        if let descriptor = capture.selectableDescriptor {
            descriptors.append(descriptor)
        } else {
            timeout = min(timeout, .milliseconds(10))
        }
        do throws(SocketError) { _ = try waitReadable(descriptors, timeout: timeout) } catch {
            throw CommandFailure(error)
        }
    }

    private static func report(_ taken: Int, _ statistics: LiveCaptureStatistics, on device: String) {
        // Linux shows loopback's packets to the filter when they leave and again when they arrive; libpcap keeps one of
        // each.
        let twice =
            device == "lo" && statistics.received > UInt64(taken)
            ? " (loopback counts a packet twice, leaving and arriving)" : ""
        Diagnostics.write(
            """
            \(taken) packets captured, \(statistics.received) received by filter\(twice), \
            \(statistics.dropped) dropped by kernel
            """
        )
        if statistics.droppedByInterface > 0 {
            Diagnostics.write("\(statistics.droppedByInterface) packets dropped by the interface")
        }
    }
}
