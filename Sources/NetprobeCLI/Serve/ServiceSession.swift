import Addressing
import Packets
import Rendering
import Services
import Sockets
import Text

/// One run of a server, from its first socket to the signal that ends it.
struct ServiceSession: Sendable {
    private let service: ServiceDescription
    private let settings: ServiceSettings
    private let options: ServerOptions
    private let endpoints: [Endpoint]
    private let isSimple: Bool
    private let recorder: CallRecorder?
    private let log: ServiceLog
    private let capture: ServiceCapture?
    private let signals: SignalWaiter

    init(_ command: ServeCommand) throws(CommandFailure) {
        service = command.name
        let port = command.sockets.port.map { Port($0) } ?? service.port
        endpoints =
            service.transport == .unix
            ? []
            : try ServeAddresses.endpoints(
                command.sockets, port: port, kind: service.transport == .udp ? .datagram : .stream)
        options = command.sockets.options(idle: command.limits.idle)
        settings = try command.settings()
        isSimple = command.simple
        let file = command.logs.capture
        let recorder =
            command.logs.calls || file != nil
            ? CallRecorder(
                clock: SystemClock.now, limit: file != nil ? ServiceCapture.callLimit : 0,
                observer: command.logs.calls ? StandardErrorLog.printCall : nil) : nil
        self.recorder = recorder
        log = ServiceLog(service, quiet: command.logs.quiet)
        // The rights go before there is a second thread, which would keep its own; the signals' thread comes before all
        // others, which would take the signals.
        if let file, let recorder {
            capture = try ServiceCapture(to: file, endpoints: endpoints, recorder: recorder)
        } else {
            capture = nil
        }
        signals = try attempt { () throws(SocketError) in try SignalWaiter() }
        try capture?.start()
    }

    /// Serves until SIGINT or SIGTERM, or until it cannot.
    func run() throws {
        let descriptors = DescriptorLimit.raise()
        let server = CourseServer(service, at: endpoints, settings: settings, options: options, report: report)
        if isSimple || !server.hasEventLoop {
            try runSimply(server)
        } else {
            do throws(SocketError) {
                try server.serve(until: signals.descriptor, descriptors: descriptors, recorder: recorder)
            } catch {
                throw failure(error)
            }
        }
        try capture?.finish(log)
    }

    /// An address in use has a cause of its own for servers: who closes first is left in TIME-WAIT.
    private func failure(_ error: SocketError) -> CommandFailure {
        guard error.call == .bind, error.code == .addressInUse else { return CommandFailure(error) }
        let advice =
            service.transport == .unix
            ? Self.advice(on: settings.path, settings.path.holder)
            : Self.addressAdvice(reuses: options.reuseAddress)
        return CommandFailure("\(error). \(advice)")
    }

    /// What to do about a path in use.
    static func advice(on path: UnixPath, _ holder: UnixPathHolder) -> String {
        switch holder {
        case .program: "A running program has it: end that one first"
        case .nobody:
            "No program has it open, it is left over from one that was killed: "
                + "remove it (rm \(path.text.escapedForDisplay))"
        case .otherFile: "It is a file and no socket"
        case .unknown: "If no program has it, remove it"
        }
    }

    /// What to do about an address in use. SO_REUSEADDR helps against TIME-WAIT only where the earlier socket had it,
    /// too (Linux, inet_csk_bind_conflict).
    static func addressAdvice(reuses: Bool) -> String {
        reuses
            ? "--reuseaddr does not help where a socket still listens or the earlier one had not set it"
            : "If only old connections in TIME-WAIT have it, they go within a minute; "
                + "--reuseaddr passes over those of a server that had it, too"
    }

    /// The blocking loops run on a thread of their own, and this one waits for the signal.
    private func runSimply(_ server: CourseServer) throws {
        if endpoints.count > 1 { log.warn("--simple listens at the first address only") }
        let stop = SocketStop()
        let call = try attempt { () throws(SocketError) in
            try BackgroundCall { () -> SocketError? in
                do throws(SocketError) {
                    try server.serveSimply(recorder: recorder, stop: stop)
                    return nil
                } catch {
                    return error
                }
            }
        }
        _ = try attempt { () throws(SocketError) in try waitReadable([signals.descriptor, call.descriptor]) }
        stop.stop()
        let end = try attempt { () throws(SocketError) in try call.wait(atMost: .seconds(5)) }
        if case .some(.some(let error)) = end { throw failure(error) }
    }

    // MARK: What is told

    private var report: @Sendable (ServiceEvent) -> Void {
        { [self] event in
            switch event {
            case .listening(let endpoint): announce(endpoint)
            case .listeningAt(let path): announce(path)
            default: log.report(event)
            }
        }
    }

    private func announce(_ endpoint: Endpoint) {
        var lines = ["\(service.name) listens on \(service.transport.rawValue) port \(endpoint.port)"]
        lines += ServeAddresses.reach(of: endpoint).map { "  \($0)" }
        let host =
            endpoint.address.isUnspecified
            ? (AddressFamily(of: endpoint.address) == .ipv6 ? "::1" : "127.0.0.1") : Self.host(of: endpoint)
        var client = "netprobe client \(service.name) \(host)"
        if endpoint.port != service.port { client += " --port \(endpoint.port)" }
        Self.say(lines + ["client: \(client)"])
        if ServeAddresses.isOpen(endpoint) {
            log.warn(
                "\(endpoint) can be reached from other machines: whoever reaches it can use it. "
                    + "Without --bind only this machine can."
            )
        }
    }

    private func announce(_ path: UnixPath) {
        let kind = UnixKind(settings.unixKind)
        Self.say([
            "\(service.name) listens on AF_UNIX \(kind.rawValue) \(path.text): from this machine only",
            "client: netprobe client \(service.name) \(path.text)\(kind == .stream ? "" : " --kind \(kind.rawValue)")",
        ])
    }

    private static func host(of endpoint: Endpoint) -> String {
        endpoint.scope == 0 ? "\(endpoint.address)" : "\(endpoint.address)%\(endpoint.scope)"
    }

    private static func say(_ lines: [String]) {
        let output = StandardOutput()
        var out = output.buffer()
        for line in lines {
            out.append(escaping: line)
            out.append(ascii: 10)
        }
        out.flush()
    }
}
