import Addressing
import ArgumentParser
import Probe
import Rendering
import Sockets
import SystemPackage
import Text

/// `netprobe scan TARGET… -p PORTS`
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Find out which TCP ports accept connections, and from what that is concluded.",
        discussion: """
            A TCP connect scan, in nmap's words and with nmap's flags. Targets are names, addresses, blocks \
            (10.0.0.0/24), octets (10.0.0-3.1-20) and ranges (10.0.0.1-10.0.0.20). open: a service accepted (SYN-ACK).
            closed: the machine answered that nobody listens there (RST, or ICMP port unreachable). filtered: no \
            answer after several attempts, or ICMP said why; --reason tells which. Where a host refused ports and kept \
            silent at others, these are asked once more when a limit of answers (1 a second or more) must allow one; \
            if one answers, the others are asked as slowly as answers come, and the report says so (--retries leaves \
            this out). Ports of one state are counted, not listed, when they are more than 25.
            More than 256 addresses, or a block of public ones, need --yes: scan only networks where you may.
            Exit status: 0 a port is open, 1 none is, 2 a target or a file could not be used, or the scan was \
            interrupted before a port was found open.

            Examples:
              netprobe scan 127.0.0.1 -p-
              netprobe scan 10.0.0.0/28 -p 22,80,8000-8100 --open --reason
              netprobe scan myhost --top-ports 100 --banner -oX scan.xml
            """)

    @Argument(help: "Names, addresses, blocks or ranges of addresses.")
    var targets: [String] = []

    @Option(
        name: [.customShort("p", allowingJoined: true), .customLong("ports")], parsing: .unconditional,
        help: ArgumentHelp(
            "22,80,1-1024, -100, 60000-, - (all), service names (http*). Default: the 1000 most common.",
            valueName: "ports"))
    var ports: String?

    @Option(help: ArgumentHelp("The so many most common ports.", valueName: "n"))
    var topPorts: Int?

    @Option(
        name: .customLong("iL", withSingleDash: true), parsing: .unconditional,
        help: ArgumentHelp("Read targets from a file; - is standard input.", valueName: "file"))
    var targetFile: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Leave out these addresses, blocks and names (set apart by commas).", valueName: "targets"))
    var exclude: String?

    @Flag(help: "Scan every address of a name, not only the first.")
    var allAddresses = false

    @Flag(name: .customShort("F"), help: "The 100 most common ports only.")
    var fast = false

    @Flag(name: .customShort("n"), help: "Do not look up the names of addresses.")
    var numeric = false

    @Flag(
        name: .customLong("Pn", withSingleDash: true),
        help: "Take every host as up: scan those of a block, too, whose first ports keep silent.")
    var allUp = false

    @Flag(name: .customLong("sT", withSingleDash: true), help: "Connect scan: the only kind there is.")
    var connectScan = false

    @OptionGroup var families: FamilyOptions

    @Flag(help: "Show open ports only.")
    var open = false

    @Flag(help: "Show what each state is concluded from, and the round-trip time.")
    var reason = false

    @Flag(help: "Show what services say first.")
    var banner = false

    @Option(
        name: .customLong("oN", withSingleDash: true), parsing: .unconditional,
        help: ArgumentHelp("Write the report to a file, too.", valueName: "file"))
    var textFile: String?

    @Option(
        name: .customLong("oX", withSingleDash: true), parsing: .unconditional,
        help: ArgumentHelp("Write nmap's XML; - is standard output, for all three.", valueName: "file"))
    var xmlFile: String?

    @Option(
        name: .customLong("oG", withSingleDash: true), parsing: .unconditional,
        help: ArgumentHelp("Write nmap's grepable form.", valueName: "file"))
    var grepableFile: String?

    @Option(
        name: .customLong("oA", withSingleDash: true), parsing: .unconditional,
        help: ArgumentHelp("Write all three: NAME.nmap, NAME.xml and NAME.gnmap.", valueName: "name"))
    var allFiles: String?

    @Flag(help: "Print newline-delimited JSON: an object a port, a host, and the scan.")
    var ndjson = false

    @Option(help: ArgumentHelp("At most so many SYNs a second.", valueName: "n"))
    var rate: Double?

    @Option(
        help: ArgumentHelp("At most so many probes at once (default: as descriptors and losses allow).", valueName: "n")
    )
    var parallel: Int?

    @Option(
        help: ArgumentHelp("The longest wait for one answer; measured times make it shorter.", valueName: "seconds"))
    var timeout = 10.0

    @Option(
        help: ArgumentHelp(
            "Ask silent ports again so often (default: 2 to 9 times, as the losses call for).", valueName: "n"))
    var retries: Int?

    @Flag(help: "End connections with RST instead of FIN.")
    var reset = false

    @Flag(help: "Scan more than 256 addresses, or a block of public ones.")
    var yes = false

    @OptionGroup var colour: ColourOption

    private static let defaultPortCount = 1000

    func validate() throws {
        if targets.isEmpty && targetFile == nil {
            throw ValidationError("Name a target: netprobe scan 127.0.0.1 -p 1-1024")
        }
        if fast && (ports != nil || topPorts != nil) {
            throw ValidationError("-F excludes -p and --top-ports.")
        }
        if allFiles == "-" || allFiles == "" { throw ValidationError("-oA takes the beginning of three files' names.") }
        if ports != nil && topPorts != nil { throw ValidationError("-p and --top-ports exclude each other.") }
        if let topPorts, !(1...65535).contains(topPorts) {
            throw ValidationError("--top-ports must be between 1 and 65535.")
        }
        if let rate, !(rate >= 0.01 && rate <= 1e9) {
            throw ValidationError("--rate must be between 0.01 and 1e9 a second.")
        }
        if let parallel, parallel < 1 { throw ValidationError("--parallel must be at least 1.") }
        if let retries, !(0...100).contains(retries) { throw ValidationError("--retries must be between 0 and 100.") }
        if !(timeout >= 0.001 && timeout <= 3600) {
            throw ValidationError("--timeout must be between 0.001 and 3600 seconds.")
        }
        do throws(ScanTextError) { _ = try portList() } catch {
            throw ValidationError("-p: \(error.description.escapedForDisplay)")
        }
        if formats.count(where: { $0.path == "-" }) > 1 {
            throw ValidationError("Only one format can go to standard output.")
        }
    }

    /// What was asked for, and where it goes; `-` is standard output.
    private var formats: [(format: ScanFormat, path: String)] {
        let all: [(format: ScanFormat, path: String?)] = [
            (.text, textFile), (.xml, xmlFile), (.grepable, grepableFile), (.ndjson, ndjson ? "-" : nil),
            (.text, allFiles.map { $0 + ".nmap" }), (.xml, allFiles.map { $0 + ".xml" }),
            (.grepable, allFiles.map { $0 + ".gnmap" }),
        ]
        return all.compactMap { format, path in path.map { (format, $0) } }
    }

    private func portList() throws(ScanTextError) -> PortList {
        if let ports { return try PortList(ports) }
        return PortList(PortNames.mostCommon(topPorts ?? (fast ? 100 : Self.defaultPortCount)))
    }

    private var settings: ScanSettings {
        var settings = ScanSettings()
        settings.parallel = parallel
        settings.rate = rate
        settings.retries = retries
        settings.longestWait = Int64(timeout * 1e9)
        settings.banners = banner
        settings.reset = reset
        settings.skipsSilentHosts = !allUp
        return settings
    }

    func run() throws {
        // Before anything that starts a thread: threads inherit which signals are blocked.
        let signals: SignalWaiter
        do throws(SocketError) { signals = try SignalWaiter() } catch { throw CommandFailure(error) }
        let list: PortList
        do throws(ScanTextError) { list = try portList() } catch { throw CommandFailure(error) }

        var found = ScanTargets(family: families.family, takesAllAddresses: allAddresses)
        let excluded = try exclude.map { list throws(CommandFailure) in try found.excluded(list) } ?? []
        if let targetFile { try found.read(file: targetFile) }
        for text in targets { found.add(text) }
        try found.confirm(yes: yes)
        if found.blocks.isEmpty { throw Status.failed }

        let plan = ScanPlan(found.blocks, list, excluding: excluded)
        if plan.hostCount == 0 { throw CommandFailure("--exclude leaves no target") }
        let clock: @Sendable () -> Int64 = { MonotonicClock.now() }
        var header = ScanHeader(
            version: Netprobe.version, arguments: ["netprobe"] + CommandLine.arguments.dropFirst(), ports: plan.ports,
            startedAt: SystemClock.now(),
            startedOnClock: clock(), zone: { LocalTimeZone.offset(at: $0) })
        header.showsOnlyOpen = open
        header.showsReasons = reason
        header.takesAllAsUp = allUp
        let outputs = try ScanOutputs(header, formats, colour: colour.choice)
        let network: KernelScanNetwork
        do throws(SocketError) { network = try KernelScanNetwork(clock: clock) } catch {
            throw CommandFailure(error)
        }

        var run = ScanRun(
            ConnectScanner(plan, settings, network), outputs, names: HostNames(looksUp: !numeric), signals)
        let summary = try run.run()
        if summary.isInterrupted, summary.open == 0 { throw Status.failed }
        if found.hasFailures { throw Status.failed }
        if summary.open == 0 { throw Status.no }
    }
}
