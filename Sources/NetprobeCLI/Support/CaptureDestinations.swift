import Capture
import Packets
import Rendering
import Sockets
import SystemPackage
import Text

/// Prints live packets, a line each, as they come.
struct CapturePrinter: ~Copyable, CaptureDestination {
    private let output = StandardOutput()
    private var out: OutputBuffer
    private var lines: RecordPrinter

    init(_ options: LineOptions, colour: ColourChoice) {
        out = output.buffer(colour: colour)
        lines = RecordPrinter(options)
    }

    mutating func take(_ header: RecordHeader, _ bytes: RawSpan) -> Bool {
        lines.write(header, bytes, to: &out)
        return out.isOpen
    }

    mutating func pause() -> Bool {
        out.flush()
        return out.isOpen
    }

    mutating func finish(_ statistics: LiveCaptureStatistics) throws { try output.finish(&out) }
}

/// Writes live packets to a capture file, with a counter on a terminal.
struct CaptureFileOutput: ~Copyable, CaptureDestination {
    private var writer: CaptureFileWriter
    private var count = 0
    private let showsCounter = StandardStreams.isTerminal(.standardError)
    private var nextCounter = ContinuousClock.now
    private var failed = false

    init(path: String, section: CaptureSection, interface: CaptureInterface) throws(CommandFailure) {
        do throws(CaptureWriteError) {
            var opened =
                path == "-"
                ? try CaptureFileWriter(descriptor: .standardOutput, name: "standard output", section: section)
                : try CaptureFileWriter(path: path, section: section)
            try opened.add(interface, as: 0)
            writer = opened
        } catch {
            throw CommandFailure(error)
        }
    }

    mutating func take(_ header: RecordHeader, _ bytes: RawSpan) throws(CommandFailure) -> Bool {
        do throws(CaptureWriteError) {
            try writer.write(header, bytes: bytes)
        } catch {
            return try stop(error)
        }
        count += 1
        showCounter(now: false)
        return true
    }

    mutating func pause() throws(CommandFailure) -> Bool {
        showCounter(now: true)
        do throws(CaptureWriteError) { try writer.flush() } catch { return try stop(error) }
        return true
    }

    mutating func finish(_ statistics: LiveCaptureStatistics) throws(CommandFailure) {
        if showsCounter { try? StandardStreams.write(Array("\r\u{1B}[K".utf8).rawSpan, to: .standardError) }
        if failed { return }
        let counts = InterfaceStatistics(
            interface: 0, received: statistics.received, droppedByInterface: statistics.droppedByInterface,
            dropped: statistics.dropped)
        do throws(CaptureWriteError) { try writer.finish(statistics: [counts]) } catch { _ = try stop(error) }
    }

    /// A closed pipe ends the capture quietly; everything else is told.
    private mutating func stop(_ error: CaptureWriteError) throws(CommandFailure) -> Bool {
        failed = true
        if error.kind == .closedPipe { return false }
        throw CommandFailure(error)
    }

    private mutating func showCounter(now: Bool) {
        guard showsCounter, now || count % 64 == 0, ContinuousClock.now >= nextCounter else { return }
        nextCounter = .now + .milliseconds(200)
        try? StandardStreams.write(Array("\r\(count) packets".utf8).rawSpan, to: .standardError)
    }
}
