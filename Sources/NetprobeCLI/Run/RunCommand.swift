import Addressing
import ArgumentParser
import Capture
import Lab
import Packets
import Probe
import Rendering
import Sockets
import SystemPackage
import Text

/// `netprobe run [--server CMD…] -- CMD…`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "Run programs of your own and show which of their socket calls caused which packet, and why one failed.",
        discussion: """
            Starts the servers, waits until they listen, starts the clients, and captures everything in a private \
            network namespace, without root. The programs run unchanged, in whatever language; their output is passed \
            through. When the clients have ended, servers that would go on are ended, too. Then it says what \
            happened: for what failed or waited one sentence that names the packet, or the silence, behind it, the \
            most important first; below it the ladder of calls and packets, and how each program ended. The rest on \
            request: --packets, --cards, --account, or -v for all.
            The socket calls come from strace; without it there are packets and ladder all the same. Starts and \
            durations are strace's; where a packet shows that a call ran longer, its return stands at the packet, and \
            the duration has an asterisk.
            However netprobe ends, the programs and everything that they started end with it; calls that still waited \
            then are told, too. As a background job of a script (`&`) it does not hear Ctrl-C, as shells have it: end \
            it with kill.
            In the namespace programs have the rights of an ordinary user, and nothing but loopback (127.0.0.1, ::1).
            \(WireOptions.discussion) The servers run on the server's host and the others on the client's.
            Exit status: 0 every program ended with status 0 (or was a server that was ended after its clients), 1 one \
            did not, or the time was over, 2 it could not be run, or packets are missing in the recording.

            Examples:
              netprobe run --server "python3 echo-server.py" -- python3 echo-client.py
              netprobe run --server ./a --server "./b 7001" --client "nc 127.0.0.1 7000" -- ./client
              netprobe run --write run.pcapng --timeout 10 -- ./program-that-is-both
              netprobe run --pid 4711 --interface lo
              netprobe run --loss 20% --server "python3 echo-server.py 10.0.0.2" -- python3 echo-client.py 10.0.0.2
            """)

    @Option(help: ArgumentHelp("A program that waits for others; may be given several times.", valueName: "command"))
    var server: [String] = []

    @Option(
        help: ArgumentHelp(
            "Another program to start when the servers listen; may be given several times.", valueName: "command"))
    var client: [String] = []

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The program and its arguments, after `--`. It keeps standard input.", valueName: "command"))
    var command: [String] = []

    @Option(help: ArgumentHelp("Keep packets and calls in a pcapng file.", valueName: "file"))
    var write: String?

    @Option(help: ArgumentHelp("End everything after so many seconds.", valueName: "seconds"))
    var timeout: Double?

    @Option(
        name: [.customShort("q"), .long],
        help: ArgumentHelp(
            """
            Let servers run on for so many seconds after the last client; without, until nothing \
            happens any more (0.3 s, at most 3 s).
            """,
            valueName: "seconds"))
    var quitAfter: Double?

    @Option(help: ArgumentHelp("Show only the conversation with this number, counted from 0.", valueName: "n"))
    var stream: Int?

    @Flag(
        help:
            """
            Print one JSON object a line instead: packets, calls, handshakes, failures, programs. \
            Their output goes to standard error.
            """
    )
    var ndjson = false

    @Option(
        help: ArgumentHelp("Also keep what strace wrote, a file for each program, in this folder.", valueName: "folder")
    )
    var keepTrace: String?

    /// Of each packet so many bytes are kept where programs run at full speed.
    private static let bulkSnaplen = 2048

    @Flag(
        help:
            "Do not look for socket calls: packets alone (2048 bytes of each), and the programs run at full speed."
    )
    var noCalls = false

    @Option(
        help: ArgumentHelp(
            "Look at a program that runs already, on this machine's own network; needs the right to capture.",
            valueName: "pid"))
    var pid: Int32?

    @Option(help: ArgumentHelp("The interface to capture on with --pid or --host-network.", valueName: "if"))
    var interface: String?

    @Flag(help: "Use the machine's own network instead of a private one; needs the right to capture.")
    var hostNetwork = false

    @OptionGroup(title: "Report") var parts: ReportParts

    @OptionGroup(title: "Wire") var wireOptions: WireOptions

    @OptionGroup var colour: ColourOption

    func validate() throws {
        if wireOptions.impairments() != nil, pid != nil || hostNetwork {
            throw ValidationError(
                """
                \(pid == nil ? "--host-network" : "--pid") is this machine's own network, and two hosts \
                want a wire between them: choose one.
                """
            )
        }
        if let timeout, !(timeout > 0 && timeout < 1e9) {
            throw ValidationError("--timeout must be a positive number of seconds.")
        }
        if let quitAfter, !(quitAfter >= 0 && quitAfter < 1e9) {
            throw ValidationError("--quit-after must be a number of seconds.")
        }
        if quitAfter != nil, server.isEmpty {
            throw ValidationError("--quit-after is for servers: name one with --server.")
        }
        if let stream, stream < 0 { throw ValidationError("--stream counts from 0.") }
        if let pid {
            if pid < 1 { throw ValidationError("--pid must be a process ID.") }
            if !server.isEmpty || !client.isEmpty || !command.isEmpty {
                throw ValidationError("--pid looks at a running program: name no other.")
            }
            if noCalls { throw ValidationError("--pid without calls is `netprobe capture`.") }
            return
        }
        if server.isEmpty, client.isEmpty, command.isEmpty {
            throw ValidationError("Name a program after --: netprobe run -- python3 client.py")
        }
        for text in server + client where CommandWords.split(text) == nil {
            throw ValidationError("This is no command: '\(text.escapedForDisplay)'.")
        }
        if interface != nil, !hostNetwork {
            throw ValidationError("--interface is for --pid and --host-network: a private network has loopback alone.")
        }
    }

    func run() throws {
        let strace = noCalls ? nil : ProcessLaunch.find("strace")
        let programs = try RunPrograms(servers: server, clients: client, command: command)
        if let pid { try RunPrograms.checkAttachable(pid, strace: strace) }
        let impairments = wireOptions.impairments()
        let ground =
            pid != nil
            ? DemoGround(isPrivate: false, interface: DemoGround.hostLoopback)
            : impairments != nil
                ? try DemoGround.prepareForTwoHosts("run") : try DemoGround.prepare(hostNetwork: hostNetwork)
        if pid == nil { try supervise() }
        var settings = RunSettings(
            programs: programs.all, interface: interface ?? ground.interface, clock: SystemClock.now,
            // Elsewhere AF_UNIX sockets of others come and go.
            waitingSockets: { SocketSurvey.passiveInodes(withUnix: ground.isPrivate) })
        settings.attachTo = pid
        settings.timeout = timeout.map { .seconds($0) }
        settings.quitAfter = quitAfter.map { .seconds($0) }
        settings.strace = strace
        settings.setpriv = ProcessLaunch.find("setpriv")
        settings.dropsCapabilities = ground.isPrivate && Sandbox.isInUserNamespace
        // Before anything starts a thread.
        let signals: SignalWaiter
        do throws(SocketError) { signals = try SignalWaiter() } catch { throw CommandFailure(error) }
        let recording: RunRecording
        if let impairments {
            recording = try record(settings, programs, signals) { try WireScene(impairments, clock: SystemClock.now) }
        } else {
            let interface = settings.interface
            recording = try record(settings, programs, signals) {
                // Without strace nothing holds the programs up: headers and some of the data are what can be kept.
                noCalls
                    ? try LoopbackScene(interface: interface, snaplen: Self.bulkSnaplen, bufferSize: 128 << 20)
                    : try LoopbackScene(interface: interface, bufferSize: 64 << 20)
            }
        }
        try show(recording, isPrivate: ground.isPrivate)
        if recording.stop == .timeout {
            let after = "after \(timeout ?? 0) s"
            Diagnostics.write(
                """
                the time is over: \
                \(pid == nil ? "everything was ended \(after)" : "watched no longer \(after); the program goes on")
                """
            )
        }
        if case .signal(let signal) = recording.stop { throw ExitCode(128 + signal) }
        if recording.isIncomplete { throw Status.failed }
        if !RunReport.succeeded(recording) { throw Status.no }
    }

    /// Goes on in a child that takes everything along when it ends; the process that the user sees waits for it.
    private func supervise() throws {
        let status: Int32?
        do throws(SocketError) { status = try Sandbox.supervised() } catch { throw CommandFailure(error) }
        guard let status else { return }
        if status == 128 + SignalNumbers.kill {
            Diagnostics.write("was killed; the programs that it had started are gone, too")
        }
        throw ExitCode(status)
    }

    private func record<Scene: DemoScene & ~Copyable>(
        _ settings: RunSettings, _ programs: RunPrograms, _ signals: SignalWaiter, on scene: () throws -> Scene
    ) throws -> RunRecording {
        let ndjson = ndjson
        let output = ProgramOutput(ends: programs.all.map(\.end.rawValue)) { descriptor, bytes in
            let descriptor = ndjson ? .standardError : descriptor
            // Whoever closed the pipe wants no more of it; the run goes on.
            try? StandardStreams.write(bytes, to: descriptor)
        }
        let traces = try keepTrace.map { try KeptTraces(folder: $0, programs.all.map(\.end)) }
        do {
            var run = ProgramRun(settings, on: try scene(), signals: signals)
            return try run.run { event in
                switch event {
                case .started: break
                case .output(let end, let isError, let bytes): output.take(end, isError: isError, bytes)
                case .ended(let end, _): output.finish(end)
                case .traced(let end, let bytes): traces?.take(end, bytes)
                case .notListening(let end, let time):
                    Diagnostics.write(
                        """
                        \(end.rawValue) does not listen after \(time.components.seconds) s; its \
                        clients are started all the same
                        """
                    )
                }
            }
        } catch {
            switch error as? RunError ?? RunError(error) {
            case .capture(let error): throw CommandFailure(error)
            case .socket(let error): throw CommandFailure(error)
            case .wire(let error): throw CommandFailure(error)
            }
        }
    }

    /// Warns where a program between two hosts connects to a loopback address, which is that of its own host.
    private func adviseOnLoopback(_ calls: [SocketCall], _ wire: WireRecording) {
        let lonely = calls.first { call in
            // connect() of a datagram socket alone is how libraries sort addresses.
            guard call.name == .connect && call.transport == .tcp || call.name == .sendto, let peer = call.peer else {
                return false
            }
            return peer.address.isLoopback
        }
        guard let lonely, let peer = lonely.peer,
            let server = wire.server.first(where: { AddressFamily(of: $0) == AddressFamily(of: peer.address) })
        else { return }
        Diagnostics.write(
            """
            \(lonely.end.rawValue) calls \(peer.address): to a program between two hosts \(peer.address) is \
            its own host; the server's is \(server)
            """
        )
    }

    private func show(_ recording: RunRecording, isPrivate: Bool) throws {
        for case (let end, _, .notStarted(let errno)) in recording.endings {
            let why = ", it is no program (a script needs a first line such as #!/usr/bin/env python3)"
            throw CommandFailure(
                "\(end.rawValue) could not be started: \(errno)\(errno == "ENOEXEC" ? why : "")")
        }
        if pid != nil, recording.calls.isEmpty, let complaint = recording.traceErrors.first {
            throw CommandFailure("strace: \(complaint). \(RunPrograms.ptraceAdvice)")
        }
        if let gap = recording.gap { Diagnostics.write("\(gap). What follows is told as far as captured") }
        let report = RunReport(recording, stream: stream, showingData: !parts.noData, isPrivate: isPrivate)
        if let write {
            try DemoFile.write(
                recording.records, calls: recording.calls, recording.interfaces, recording.statistics, to: write)
        }
        let output = StandardOutput()
        var out = output.buffer(colour: colour.choice)
        if ndjson {
            report.writeNDJSON(to: &out)
        } else {
            report.write(parts, columns: Terminal.columns, to: &out)
        }
        try output.finish(&out)
        for complaint in recording.traceErrors { Diagnostics.write("strace: \(complaint)") }
        if recording.unreadableLines > 0 {
            Diagnostics.write("\(recording.unreadableLines) lines of strace could not be read; calls may be missing")
        }
        if let wire = recording.wire { adviseOnLoopback(recording.calls, wire) }
        for end in recording.withRings {
            Diagnostics.write(
                """
                \(end.rawValue) uses io_uring: what it asks for there is no system call, and is missing among the calls
                """
            )
        }
        if !recording.isTraced, !noCalls {
            Diagnostics.write(
                "the socket calls are missing, because strace is not installed: sudo apt-get install strace")
        }
    }
}
