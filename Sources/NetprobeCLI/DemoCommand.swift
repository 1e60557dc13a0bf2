import Addressing
import ArgumentParser
import Capture
import Lab
import Rendering
import Services
import Sockets
import Text

/// `netprobe demo NAME`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a server and a client of the course, capture them, and show which call caused which packet.",
        discussion: """
            Says what the demo shows, with the numbers of the packets that were really captured, and draws the ladder \
            (client calls | client end | server end | server calls); for services also the card of the handshake and \
            the account. --packets adds a line a packet. Runs in a private network namespace, so no root is needed \
            and no other traffic is in the picture; where namespaces are forbidden, on the machine's own loopback if \
            that may be captured (see `netprobe doctor`).
            Ctrl-C ends a demo early: what it had recorded is printed and written all the same.
            \(WireOptions.discussion)
            Exit status: 0 it shows what it is for, 1 a message did not come back unchanged, 2 it could not run, was \
            not recorded completely or did not show it, 130 ended with Ctrl-C.

            Examples:
              netprobe demo tcp-echo
              netprobe demo refused -6
              netprobe demo udp-echo --message-file picture.png --no-ladder
              netprobe demo compare --count 3 --write compare.pcapng
              netprobe demo tcp-echo --wire two-hosts
              netprobe demo tcp-echo --delay 40ms --drop "client SYN 1"
            """)

    @Argument(help: "The demo's name: see --list.", completion: .list(DemoCatalogue.all.map(\.name)))
    var name: String?

    @Flag(help: "Name the demos and what each shows.")
    var list = false

    @Option(help: ArgumentHelp("What the client sends (default: the course's message).", valueName: "text"))
    var message: String?

    @Option(
        help: ArgumentHelp("What the client sends, from a file; - is standard input.", valueName: "file"),
        completion: .file())
    var messageFile: String?

    @Option(help: ArgumentHelp("How many times it is sent, at most \(DemoSettings.countLimit).", valueName: "n"))
    var count = 1

    @Option(help: ArgumentHelp("The server's port (default: the course's).", valueName: "port"))
    var port: UInt16?

    @Flag(name: .customShort("6"), help: "Use IPv6 (::1) instead of IPv4 (127.0.0.1).")
    var ipv6 = false

    @Option(
        help: ArgumentHelp(
            """
            Keep packets and calls in a pcapng file; - is standard output, instead of the report. A name that ends in \
            .pcap gives classic pcap, which keeps no calls.
            """,
            valueName: "file"), completion: .file())
    var write: String?

    @Flag(help: "Print newline-delimited JSON: packets, calls, handshakes, accounts, the verdict.")
    var ndjson = false

    @Flag(help: "Use the machine's own loopback instead of a private one; needs the right to capture.")
    var hostNetwork = false

    @OptionGroup(title: "Report") var parts: ReportParts

    @OptionGroup(title: "Wire") var wireOptions: WireOptions

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if list { return }
        guard let name else { throw ValidationError("Name a demo: \(Self.names). See --list.") }
        guard let demo = DemoCatalogue.named(name) else {
            let near = Nearest.name(to: name, among: DemoCatalogue.all.map(\.name))
            let meant = near.map { "Did you mean \($0)? " } ?? ""
            throw ValidationError("There is no demo '\(name.escapedForDisplay)'. \(meant)--list names them all.")
        }
        // Port 0 would be any free one, and the capture's filter could not name it.
        let port = port ?? demo.port.rawValue
        guard port > 0 else { throw ValidationError("--port must be between 1 and 65535.") }
        guard Int(port) + demo.furtherPorts <= 65_535 else {
            throw ValidationError(
                """
                --port must be at most \(65_535 - demo.furtherPorts): \(name) also uses the \
                \(demo.furtherPorts) after it.
                """
            )
        }
        guard (1...DemoSettings.countLimit).contains(count) else {
            throw ValidationError("--count must be between 1 and \(DemoSettings.countLimit).")
        }
        if ipv6, let reason = demo.notOverIPv6 { throw ValidationError("\(name) does not run with -6: \(reason).") }
        try validateMessage(demo)
        if write == "-", ndjson {
            throw ValidationError("--write - and --ndjson both want standard output: choose one.")
        }
        if hostNetwork, let reason = demo.needsPrivateNetwork {
            throw ValidationError(
                "\(name) runs only in a private network namespace, not with --host-network: \(reason).")
        }
        try validateWire(demo)
    }

    private func validateWire(_ demo: any Demo) throws {
        if demo.wire != nil, wireOptions.wire == .loopback {
            throw ValidationError(
                "\(demo.name) shows something of a wire between two hosts: it does not run on loopback.")
        }
        if hostNetwork, wireOptions.impairments(needed: demo.wire) != nil {
            throw ValidationError(
                "--host-network is this machine's loopback, and two hosts want a wire between them: choose one.")
        }
    }

    private func validateMessage(_ demo: any Demo) throws {
        if message != nil || messageFile != nil, !demo.choices.contains(.message) {
            throw ValidationError(
                "\(demo.name) sends what it needs: --message and --message-file are for \(Self.names(with: .message)).")
        }
        if count != 1, !demo.choices.contains(.count) {
            throw ValidationError("--count is for \(Self.names(with: .count)).")
        }
        if message != nil, messageFile != nil {
            throw ValidationError("--message and --message-file both say what to send: choose one.")
        }
        if let message, message.isEmpty {
            throw ValidationError("--message must not be empty: there would be nothing to wait for.")
        }
    }

    private static var names: String { DemoCatalogue.all.map(\.name).joined(separator: ", ") }
    private static func names(with choice: DemoChoice) -> String {
        DemoCatalogue.all.filter { $0.choices.contains(choice) }.map(\.name).joined(separator: ", ")
    }

    func run() throws {
        if list {
            let output = StandardOutput()
            var out = output.buffer(colour: colour.choice)
            GroupedList.write(DemoReport.catalogue, columns: Terminal.columns, to: &out)
            return try output.finish(&out)
        }
        guard let name, let demo = DemoCatalogue.named(name) else { return }
        if write == "-", StandardStreams.isTerminal(.standardOutput) {
            throw CommandFailure(
                """
                --write -: standard output is a terminal, and packets' bytes could act on \
                it; send it to a file or a pipe
                """
            )
        }
        if let write, let messageFile { try OutputFile.refuse(write, reading: messageFile) }
        let impairments = wireOptions.impairments(needed: demo.wire)
        if impairments != nil, let reason = demo.needsOneHost {
            throw CommandFailure("\(demo.name) does not run between two hosts: \(reason)")
        }
        let ground =
            impairments == nil
            ? try DemoGround.prepare(for: demo, hostNetwork: hostNetwork) : try DemoGround.prepareForTwoHosts(demo.name)
        let recording: DemoRecording
        if let impairments {
            let settings = try settings(for: demo, in: .twoHosts)
            recording = try record(demo, settings, signals: Self.signals()) {
                try WireScene(impairments, clock: SystemClock.now)
            }
        } else {
            let settings = try settings(for: demo, in: .loopback)
            recording = try record(demo, settings, signals: Self.signals()) {
                let first = settings.server.port.rawValue
                return try LoopbackScene(
                    interface: ground.interface,
                    sharedPorts: ground.isPrivate ? nil : first...(first + UInt16(clamping: demo.furtherPorts)))
            }
        }
        try show(demo, recording)
    }

    private func settings(for demo: any Demo, in network: DemoNetwork) throws(CommandFailure) -> DemoSettings {
        let bytes =
            if let messageFile {
                try DemoMessage.content(of: messageFile)
            } else if let message {
                DemoMessage.bytes(ofOption: "--message", shown: message)
            } else {
                Array(demo.defaultMessage.utf8)
            }
        guard bytes.count <= DemoSettings.byteLimit / count else {
            throw CommandFailure(
                """
                \(count) messages of \(bytes.count) bytes are too many to keep: at most \
                \(DemoSettings.byteLimit >> 20) MiB in all
                """
            )
        }
        guard bytes.count <= demo.longestMessage else {
            throw CommandFailure(
                "\(demo.name) takes a message of at most \(demo.longestMessage) bytes, and this one has \(bytes.count)")
        }
        return DemoSettings(
            server: Endpoint(ipv6 ? .v6(network.ipv6) : .v4(network.ipv4), port.map { Port($0) } ?? demo.port),
            message: bytes, count: count, network: network)
    }

    /// To be called before anything starts a thread.
    private static func signals() throws(CommandFailure) -> SignalWaiter {
        do throws(SocketError) { return try SignalWaiter() } catch { throw CommandFailure(error) }
    }

    private func record<Scene: DemoScene & ~Copyable>(
        _ demo: any Demo, _ settings: DemoSettings, signals: SignalWaiter, on scene: () throws -> Scene
    ) throws(CommandFailure) -> DemoRecording {
        do {
            var run = DemoRun(demo, settings, on: try scene(), signals: signals, clock: SystemClock.now)
            return run.run()
        } catch let error as CaptureDeviceError {
            throw CommandFailure(NamespaceAdvice.explain(error))
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Writes the file and prints the report: each also where the other fails or the run ended early.
    private func show(_ demo: any Demo, _ recording: DemoRecording) throws {
        var failures: [String] = []
        let report = DemoReport(demo: demo, recording: recording, showingData: !parts.noData)
        if case .failed = recording.ending, recording.records.isEmpty {
        } else {
            if let write {
                DemoFile.becomeCaller()
                do throws(CommandFailure) {
                    try DemoFile.write(
                        recording.records, calls: recording.calls, recording.interfaces, recording.statistics, to: write
                    )
                } catch { failures.append(error.message) }
            }
            if write != "-" {
                let output = StandardOutput()
                var out = output.buffer(colour: colour.choice)
                if ndjson {
                    report.writeNDJSON(to: &out)
                } else {
                    report.writeText(parts, columns: Terminal.columns, to: &out)
                }
                do throws(CommandFailure) { try output.finish(&out) } catch { failures.append(error.message) }
            }
        }
        if let gap = recording.gap, recording.ending == .finished {
            failures.append("the picture is not complete: \(gap)")
        }
        if let ending = DemoEnding.text(recording.ending) { failures.append(ending) }
        failures += report.reasons
        for failure in failures { Diagnostics.write(failure) }
        try DemoEnding.finish(recording, failed: !failures.isEmpty)
    }
}
