import Addressing
import Packets
import Rendering
import Services
import Sockets

/// One run of a server, from its first socket to the signal that ends it.
struct ServiceSession: Sendable {
    private let service: CourseService
    private let path: String
    private let endpoints: [Endpoint]
    private let options: ServerOptions
    private let backlog: Int32
    private let most: Int?
    private let limit: Int?
    private let drop: Double
    private let seed: UInt64
    private let unixKind: UnixKind
    private let folder: SystemFolder?
    private let recorder: CallRecorder?
    private let log: ServiceLog

    init(_ command: ServeCommand) throws(CommandFailure) {
        service = command.name
        path = command.path ?? ""
        let port = command.sockets.port.map { Port($0) } ?? service.port
        endpoints = service.transport == .unix ? [] : try ServeAddresses.endpoints(command.sockets, port: port, kind: service.transport == .udp ? .datagram : .stream)
        options = command.sockets.options(idle: command.limits.idle)
        backlog = command.sockets.backlog
        most = command.limits.max
        limit = command.limits.limit
        drop = command.drop
        seed = command.seed ?? .random(in: .min ... .max)
        unixKind = command.kind
        let folderPath = path
        folder = service == .file ? try attempt { () throws(SocketError) in try SystemFolder(folderPath) } : nil
        recorder = command.logs.calls ? CallRecorder(clock: SystemClock.now, keeps: false, observer: StandardErrorLog.printCall) : nil
        log = ServiceLog(service, quiet: command.logs.quiet)
    }

    /// Serves until SIGINT or SIGTERM, or until it cannot.
    func run() throws {
        let signals = try attempt { () throws(SocketError) in try SignalWaiter() }
        DescriptorLimit.raise()
        let stop = SocketStop()
        let server = try attempt { () throws(SocketError) in
            try BackgroundCall { () -> SocketError? in
                do throws(SocketError) {
                    if let recorder { try serve(recorder.sockets(.server), stop) } else { try serve(Self.plain, stop) }
                    return nil
                } catch {
                    return error
                }
            }
        }
        _ = try attempt { () throws(SocketError) in try waitReadable([signals.descriptor, server.descriptor]) }
        stop.stop()
        let end = try attempt { () throws(SocketError) in try server.wait(atMost: .seconds(5)) }
        if case .some(.some(let error)) = end { throw CommandFailure("\(error)") }
    }

    private static let plain: SocketMaker<Socket> = { (family, kind) throws(SocketError) in try Socket(family, kind) }

    // MARK: The blocking forms

    private func serve<S: BerkeleySocket & ~Copyable>(_ socket: @escaping SocketMaker<S>, _ stop: SocketStop) throws(SocketError) {
        let driver = BlockingDriver(socket: socket, stop: stop, options: options)
        let report = report
        switch service {
        case .tcpEcho: try tcp(driver, report) { Echo() }
        case .upperTCP: try tcp(driver, report) { [limit] in Messages(limit: limit ?? ServiceLimits.message, reply: Uppercase.reply) }
        case .adder: try tcp(driver, report) { [limit] in Messages(limit: limit ?? ServiceLimits.message, reply: Adder.reply) }
        case .greeting: try tcp(driver, report) { Greeting() }
        case .sixteen: try tcp(driver, report) { Sixteen() }
        case .file:
            guard let folder else { return }
            try tcp(driver, report) { FileServer(folder: folder) }
        case .udpEcho: try udp(driver, report, Echo())
        case .upperUDP: try udp(driver, report, UppercaseDatagrams())
        case .udpSink: try udp(driver, report, Sink())
        case .udpLength: try udp(driver, report, DatagramLength())
        case .udpBackoff: try udp(driver, report, LossyDatagrams(dropping: drop, seed: seed))
        case .textStore: try threads(socket, stop, TextStore(limit: limit ?? ServiceLimits.text))
        case .chat: try threads(socket, stop, Chat())
        case .unixEcho:
            if unixKind == .dgram {
                try driver.serveUnixDatagrams(at: UnixPath(path), size: CourseDefaults.largestDatagram, logic: Echo(), report: report)
            } else {
                try driver.serveUnix(at: UnixPath(path), unixKind.socketKind, backlog: backlog, logic: { Echo() }, report: report)
            }
        }
    }

    private func tcp<S: BerkeleySocket & ~Copyable>(
        _ driver: BlockingDriver<S>, _ report: (ServiceEvent) -> Void, _ logic: () -> some ServiceLogic
    ) throws(SocketError) {
        try driver.serveTCP(at: endpoints[0], backlog: backlog, logic: logic, report: report)
    }

    private func udp<S: BerkeleySocket & ~Copyable>(
        _ driver: BlockingDriver<S>, _ report: (ServiceEvent) -> Void, _ logic: some ServiceLogic
    ) throws(SocketError) {
        try driver.serveUDP(at: endpoints[0], size: CourseDefaults.largestDatagram, logic: logic, report: report)
    }

    private func threads<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ group: some GroupLogic
    ) throws(SocketError) {
        let driver = ThreadedDriver(group, socket: socket, stop: stop, options: options, report: report)
        try driver.serve(at: endpoints[0], backlog: backlog, most: most ?? 10)
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
        let host = endpoint.address.isUnspecified ? (AddressFamily(of: endpoint.address) == .ipv6 ? "::1" : "127.0.0.1") : Self.host(of: endpoint)
        var client = "netprobe client \(service.name) \(host)"
        if endpoint.port != service.port { client += " --port \(endpoint.port)" }
        Self.say(lines + ["client: \(client)"])
        if ServeAddresses.isOpen(endpoint) {
            log.warn("\(endpoint) can be reached from other machines: whoever reaches it can use it. Without --bind only this machine can.")
        }
    }

    private func announce(_ path: UnixPath) {
        Self.say([
            "\(service.name) listens on AF_UNIX \(unixKind.rawValue) \(path.text): from this machine only",
            "client: netprobe client \(service.name) \(path.text)\(unixKind == .stream ? "" : " --kind \(unixKind.rawValue)")",
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
