import Addressing
import ArgumentParser
import Capture
import Packets
import Rendering
import Sockets
import SystemPackage
import Text

/// `netprobe capture`
struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Capture live packets: print a line each, or keep them in a file.",
        discussion: """
            Flags and filters are tcpdump's, lines as those of `netprobe show`. Without -i the first interface that is \
            up is taken, else loopback. Ends with Ctrl-C (or SIGTERM, or the terminal's end), after -c packets or \
            --duration seconds; what the kernel had recorded until then is still taken, and the counts go to standard \
            error. Rights are dropped as soon as the device is open; under sudo the file is yours.
            -w writes pcapng with nanosecond times; a name that ends in .pcap gives classic pcap; - is standard output.

            Examples:
              netprobe capture -i lo tcp port 65432
              netprobe capture -i lo -c 10 -w echo.pcapng
              netprobe capture -w - | netprobe show -
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The interface; `any` takes all of them.", valueName: "if"))
    var interface: String?

    @Flag(name: [.customShort("D"), .customLong("list")], help: "Name the interfaces and stop.")
    var list = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Stop after so many packets.", valueName: "n"))
    var count: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file instead of printing; - is standard output.", valueName: "file"))
    var write: String?

    @Option(
        name: [.customShort("s"), .customLong("snaplen")],
        help: ArgumentHelp("Keep at most so many bytes of a packet (0: all).", valueName: "bytes"))
    var snaplen = 0

    @Flag(
        name: [.customShort("p"), .customLong("no-promiscuous")],
        help: "Do not put the interface into promiscuous mode.")
    var noPromiscuous = false

    @OptionGroup(title: "Lines") var line: LineOptions

    @Option(help: ArgumentHelp("Stop after so many seconds.", valueName: "seconds"))
    var duration: Double?

    @OptionGroup var colour: ColourOption

    @Argument(help: ArgumentHelp("A filter in tcpdump's language: tcp port 65432.", valueName: "filter"))
    var filter: [String] = []

    func validate() throws {
        if let count, count < 1 { throw ValidationError("-c must be at least 1.") }
        if snaplen < 0 || snaplen > 262_144 { throw ValidationError("-s must be between 0 and 262144 bytes.") }
        if let duration, !(duration > 0 && duration < 1e9) {
            throw ValidationError("--duration must be a positive number of seconds.")
        }
    }

    func run() throws {
        if list { return try listDevices() }
        if write == "-", StandardStreams.isTerminal(.standardOutput) {
            throw CommandFailure(
                "-w -: standard output is a terminal, and packets' bytes could act on it; send it to a file or a pipe")
        }
        var capture = try open()
        for warning in capture.warnings { Diagnostics.write("\(warning)") }
        let section = CaptureSection(application: "netprobe \(Netprobe.version)")
        guard let path = write else {
            try Self.dropPrivileges(to: SudoUser.current)
            var printer = CapturePrinter(line, colour: colour.choice)
            return try CaptureSession(limit: count, duration: duration).run(&capture, into: &printer)
        }
        // Under sudo the file shall belong to the user who called: rights first, then the file. Root itself may want a
        // file where only its rights reach: the file first.
        let user = SudoUser.current
        if user != nil { try Self.dropPrivileges(to: user) }
        var writer = try CaptureFileOutput(path: path, section: section, interface: capture.interface)
        if user == nil { try Self.dropPrivileges(to: nil) }
        try CaptureSession(limit: count, duration: duration).run(&capture, into: &writer)
    }

    private func listDevices() throws {
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        do throws(CaptureDeviceError) {
            for (index, device) in try CaptureDevices.all().enumerated() {
                var notes: [String] = []
                if device.isUp { notes.append("up") }
                if device.isRunning { notes.append("running") }
                if device.isLoopback { notes.append("loopback") }
                if device.isWireless { notes.append("wireless") }
                var line = "\(index + 1). \(device.name)"
                if let description = device.description { line += " (\(description))" }
                out.append(escaping: line + " [\(notes.joined(separator: ", "))]")
                out.append(ascii: 10)
            }
        } catch {
            throw CommandFailure(error)
        }
        try output.finish(&out)
    }

    private func open() throws(CommandFailure) -> LiveCapture {
        do throws(CaptureDeviceError) {
            let device = if let interface { interface } else { try Self.defaultDevice() }
            var options = LiveCaptureOptions()
            options.snaplen = snaplen == 0 ? 262_144 : snaplen
            options.promiscuous = !noPromiscuous && device != "any"
            // Not immediate mode: on Linux it gives every packet a slot of the snaplen's size, and a burst is lost.
            // Blocks (TPACKET_V3) hold what fits and come after this time at the latest, soon enough for a reader.
            options.immediate = false
            options.timeoutMilliseconds = CaptureSession.blockMilliseconds
            options.bufferSize = 16 << 20
            var capture = try LiveCapture(device: device, options: options)
            if !filter.isEmpty { try capture.setFilter(filter.joined(separator: " ")) }
            return capture
        } catch {
            throw CommandFailure(NamespaceAdvice.explain(error))
        }
    }

    /// The first interface that is up and running and not loopback, as libpcap sorts them; else loopback.
    private static func defaultDevice() throws(CaptureDeviceError) -> String {
        let devices = try CaptureDevices.all()
        let pseudo: Set<String> = ["any", "nflog", "nfqueue", "dbus-system", "dbus-session"]
        let real = devices.first {
            $0.isUp && $0.isRunning && !$0.isLoopback && !pseudo.contains($0.name) && !$0.name.hasPrefix("bluetooth")
        }
        return (real ?? devices.first { $0.isLoopback })?.name ?? DemoGround.hostLoopback
    }

    private static func dropPrivileges(to user: SudoUser?) throws(CommandFailure) {
        do throws(SocketError) { try ProcessPrivileges.drop(to: user) } catch {
            throw CommandFailure("cannot drop privileges: \(error)")
        }
    }
}
