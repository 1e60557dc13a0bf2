import Addressing
import ArgumentParser
import Capture
import Conversations
import Lab
import Packets
import Rendering
import Services
import Sockets

/// `netprobe demo NAME`
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a server and a client of the course, capture them, and show which call caused which packet.",
        discussion: """
            Prints a line a packet, the ladder (client calls | client end | server end | server calls), the card of the \
            handshake, and the account. Runs in a private network namespace, so no root is needed and no other traffic is in \
            the picture; where namespaces are forbidden, on the machine's own loopback if that may be captured (see \
            `netprobe doctor`).
            Exit status: 0 the message came back unchanged, 1 it did not, 2 the demo could not run.
            """)

    @Argument(help: "The demo's name: see --list.")
    var name: String?

    @Flag(help: "Name the demos and what each shows.")
    var list = false

    @Option(help: ArgumentHelp("What the client sends (default: the course's message).", valueName: "text"))
    var message: String?

    @Option(help: ArgumentHelp("How many times it is sent.", valueName: "n"))
    var count = 1

    @Option(help: ArgumentHelp("The server's port.", valueName: "port"))
    var port = CourseDefaults.port.rawValue

    @Flag(name: .customShort("6"), help: "Use IPv6 (::1) instead of IPv4 (127.0.0.1).")
    var ipv6 = false

    @Option(help: ArgumentHelp("Keep packets and calls in a pcapng file.", valueName: "file"))
    var write: String?

    @Flag(help: "Leave out the ladder.")
    var noLadder = false

    @Flag(help: "Print newline-delimited JSON: packets, calls, handshakes, accounts.")
    var ndjson = false

    @Flag(help: "Use the machine's own loopback instead of a private one; needs the right to capture.")
    var hostNetwork = false

    @Option(help: ArgumentHelp("Colour: auto, always or never.", valueName: "when"))
    var color = ColourChoice.auto

    func validate() throws {
        if list { return }
        guard let name else { throw ValidationError("Name a demo: \(Self.names). See --list.") }
        guard Demo.named(name) != nil else { throw ValidationError("There is no demo '\(name.escapedForDisplay)': \(Self.names).") }
        // Port 0 would be any free one, and the capture's filter could not name it.
        guard port > 0 else { throw ValidationError("--port must be between 1 and 65535.") }
        guard count > 0 else { throw ValidationError("--count must be at least 1.") }
        if let message, message.isEmpty { throw ValidationError("--message must not be empty: there would be nothing to wait for.") }
    }

    private static var names: String { Demo.catalogue.map(\.name).joined(separator: ", ") }

    func run() throws {
        let output = StandardOutput()
        if list {
            var out = output.buffer(colour: color)
            DemoReport.writeCatalogue(to: &out)
            return try output.finish(&out)
        }
        guard let name, let demo = Demo.named(name) else { return }
        let ground = try DemoGround.prepare(hostNetwork: hostNetwork)
        let recording = try record(demo, on: ground)

        var annotated = recording.records
        CallComments.attach(recording.calls, to: &annotated)
        if let write { try DemoFile.write(annotated, recording, to: write) }
        let report = DemoReport(demo: demo, recording: recording, message: bytes(of: demo))
        var out = output.buffer(colour: color)
        if ndjson { report.writeNDJSON(to: &out) } else { report.writeText(ladder: !noLadder, columns: Terminal.columns, to: &out) }
        try output.finish(&out)
        if !recording.isComplete {
            let dropped = recording.statistics.dropped
            Diagnostics.write("the capture may lack packets: " + (dropped > 0 ? "\(dropped) dropped by the kernel" : "not every conversation was seen to its end"))
        }
        if !report.echoedUnchanged { throw Status.no }
    }

    private func bytes(of demo: Demo) -> [UInt8] { Array((message ?? demo.defaultMessage).utf8) }

    private func record(_ demo: Demo, on ground: DemoGround) throws -> DemoRecording {
        let server = Endpoint(ipv6 ? .v6(.loopback) : .v4(.loopback), Port(port))
        do throws(DemoError) {
            var run = try DemoRun(
                demo, DemoSettings(server: server, message: bytes(of: demo), count: count), interface: ground.interface,
                filter: ground.isPrivate ? nil : "(tcp or udp) and port \(port)", clock: SystemClock.now)
            return try run.run()
        } catch {
            throw CommandFailure(Self.explain(error))
        }
    }

    private static func explain(_ error: DemoError) -> String {
        switch error {
        case .capture(let error): "\(error)"
        case .socket(let error): "\(error)"
        case .stalled(let step, let time): "the demo \(step) came to a halt: no packet for \(time.components.seconds) s"
        }
    }
}
