import Probe
import Rendering
import Sockets
import Synchronization
import SystemPackage
import Text

/// Where the results of one scan go: several formats at once, at most one of them to standard output.
struct ScanOutputs {
    /// One format on its way to one file.
    final class Sink {
        private var out: OutputBuffer
        private var writer: any ScanWriter
        private let path: String?
        private let failure: Failure
        private let file: FileDescriptor?

        final class Failure: Sendable {
            let error = Mutex<Errno?>(nil)
        }

        /// - Parameter path: nil is standard output.
        init(_ writer: some ScanWriter, path: String?, colour: ColourChoice) throws(CommandFailure) {
            self.writer = writer
            self.path = path
            let failure = Failure()
            self.failure = failure
            let descriptor: FileDescriptor
            if let path {
                do {
                    descriptor = try FileDescriptor.open(
                        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                        permissions: [.ownerReadWrite, .groupRead, .otherRead])
                } catch {
                    throw CommandFailure("cannot write '\(path)': \(error)")
                }
                file = descriptor
            } else {
                descriptor = .standardOutput
                file = nil
            }
            out = OutputBuffer(colours: path == nil && colour.isOn(for: .standardOutput)) { bytes in
                do throws(Errno) {
                    try StandardStreams.write(bytes, to: descriptor)
                    return true
                } catch {
                    if path != nil || error != .brokenPipe { failure.error.withLock { $0 = error } }
                    return false
                }
            }
        }

        deinit { try? file?.close() }

        func begin() { writer.begin(&out) }
        func write(_ host: HostScan, name: String?) {
            writer.write(host, name: name, &out)
            out.flush()
        }
        func end(_ summary: ScanSummary) throws(CommandFailure) {
            writer.end(summary, &out)
            out.flush()
            if let error = failure.error.withLock({ $0 }) {
                throw CommandFailure(
                    path.map { "cannot write '\($0)': \(error)" } ?? "cannot write to standard output: \(error)")
            }
        }
        /// Whether somebody still reads.
        var isOpen: Bool { out.isOpen }
        var isFile: Bool { path != nil }
    }

    let header: ScanHeader
    private let sinks: [Sink]

    /// Opens every file before the scan, so that one that cannot be written is told at once.
    /// - Parameter formats: each with its file; `-` is standard output, which has the report where nothing else goes
    ///   there.
    init(
        _ header: ScanHeader, _ formats: [(format: ScanFormat, path: String)], colour: ColourChoice
    ) throws(CommandFailure) {
        self.header = header
        var sinks: [Sink] = []
        for (format, path) in formats {
            sinks.append(
                try Sink(
                    format.writer(header, isFile: true), path: path == "-" ? nil : path,
                    colour: format.isForPeople ? colour : .never))
        }
        if !formats.contains(where: { $0.path == "-" }) {
            sinks.append(try Sink(ScanFormat.text.writer(header, isFile: false), path: nil, colour: colour))
        }
        self.sinks = sinks
    }

    func begin() { for sink in sinks { sink.begin() } }
    func write(_ host: HostScan, name: String?) { for sink in sinks { sink.write(host, name: name) } }

    /// Ends every format, and then tells the first that could not be written.
    func end(_ summary: ScanSummary) throws(CommandFailure) {
        var first: CommandFailure?
        for sink in sinks {
            do throws(CommandFailure) { try sink.end(summary) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    /// False once nobody reads any of the results (`| head`).
    var isWanted: Bool { sinks.contains { $0.isFile || $0.isOpen } }
}
