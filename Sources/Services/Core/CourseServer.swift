import Addressing
import Sockets

/// What a service needs to know besides its sockets.
public struct ServiceSettings: Sendable {
    /// The longest message, or text of text-store; nil is the service's own limit.
    public var limit: Int?
    /// udp-backoff: which share is lost, and the seed.
    public var drop = 0.5
    public var seed: UInt64 = 0
    /// file: where the files are.
    public var folder: SystemFolder?
    /// unix-echo: where, and which of the three.
    public var path = UnixPath("")
    public var unixKind = SocketKind.stream
    /// How many connections may wait, and how many clients there may be at once; nil is the service's own.
    public var backlog: Int32 = 128
    public var most: Int?

    public init() {}

    /// The courses' chat room has ten places.
    public static let chatMembers = 10
}

/// A service with what drives it. The one place that says which logic a service has.
public struct CourseServer: Sendable {
    private let service: CourseService
    private let settings: ServiceSettings
    private let options: ServerOptions
    private let endpoints: [Endpoint]
    private let report: @Sendable (ServiceEvent) -> Void

    /// - Parameters:
    ///   - endpoints: where to listen; none for AF_UNIX.
    ///   - report: called on the threads of the driver.
    public init(
        _ service: CourseService, at endpoints: [Endpoint], settings: ServiceSettings = ServiceSettings(),
        options: ServerOptions = ServerOptions(),
        report: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        self.service = service
        self.endpoints = endpoints
        self.settings = settings
        var options = options
        // An answer is a line, a file and a line: Nagle's algorithm would hold the last segment back until the one
        // before is acknowledged, and delayed ACKs make that 40 ms.
        if service == .file { options.noDelay = true }
        self.options = options
        self.report = report
    }

    // MARK: The blocking form

    /// The courses' blocking loops, at the first endpoint: one client after the other; for text-store and chat a thread
    /// each.
    public func serveSimply<S: BerkeleySocket & ~Copyable>(_ socket: @escaping SocketMaker<S>, stop: SocketStop)
        throws(SocketError)
    {
        let driver = BlockingDriver(socket: socket, stop: stop, options: options)
        switch service {
        case .tcpEcho: try simply(driver) { Echo() }
        case .upperTCP: try simply(driver) { messages(Uppercase.reply) }
        case .adder: try simply(driver) { messages(Adder.reply) }
        case .greeting: try simply(driver) { Greeting() }
        case .sixteen: try simply(driver) { Sixteen() }
        case .file:
            guard let folder = settings.folder else { return }
            try simply(driver) { FileServer(folder: folder) }
        case .udpEcho: try simply(driver, Echo())
        case .upperUDP: try simply(driver, UppercaseDatagrams())
        case .udpSink: try simply(driver, Sink())
        case .udpLength: try simply(driver, DatagramLength())
        case .udpBackoff: try simply(driver, lossy)
        case .textStore: try simply(socket, stop, store)
        case .chat: try simply(socket, stop, Chat())
        case .unixEcho:
            if settings.unixKind == .datagram {
                try driver.serveUnixDatagrams(
                    at: settings.path, size: CourseDefaults.largestDatagram, logic: Echo(), report: report)
            } else {
                try driver.serveUnix(
                    at: settings.path, settings.unixKind, backlog: settings.backlog, logic: { Echo() }, report: report)
            }
        }
    }

    private func messages(_ reply: @escaping @Sendable ([UInt8]) -> MessageReply) -> Messages {
        Messages(limit: settings.limit ?? ServiceLimits.message, reply: reply)
    }

    private var store: TextStore { TextStore(limit: settings.limit ?? ServiceLimits.text) }
    private var lossy: LossyDatagrams { LossyDatagrams(dropping: settings.drop, seed: settings.seed) }

    private func simply<S: BerkeleySocket & ~Copyable>(_ driver: BlockingDriver<S>, _ logic: () -> some ServiceLogic)
        throws(SocketError)
    {
        try driver.serveTCP(at: endpoints[0], backlog: settings.backlog, logic: logic, report: report)
    }

    private func simply<S: BerkeleySocket & ~Copyable>(_ driver: BlockingDriver<S>, _ logic: some ServiceLogic)
        throws(SocketError)
    {
        try driver.serveUDP(at: endpoints[0], size: CourseDefaults.largestDatagram, logic: logic, report: report)
    }

    private func simply<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ group: some GroupLogic
    ) throws(SocketError) {
        let driver = ThreadedDriver(group, socket: socket, stop: stop, options: options, report: report)
        try driver.serve(
            at: endpoints[0], backlog: settings.backlog, most: settings.most ?? ServiceSettings.chatMembers)
    }

    // MARK: The event loop

    /// Whether the event loop serves it: AF_UNIX datagrams it does not, as they have paths for addresses.
    public var hasEventLoop: Bool { service != .unixEcho || settings.unixKind != .datagram }

    /// Serves all endpoints on this thread until the descriptor can be read.
    ///
    /// - Parameters:
    ///   - descriptors: how many this process may have open.
    ///   - recorder: sees every socket call.
    public func serve(until stop: Int32, descriptors: Int, recorder: CallRecorder? = nil) throws(SocketError) {
        // Some are the server's own: standard streams, listeners, the poller, signals, a capture.
        let most = settings.most ?? max(1, descriptors - min(64, max(16, descriptors / 4)))
        switch service {
        case .tcpEcho: try loop(Separately { Echo() }, most, stop, recorder)
        case .upperTCP: try loop(Separately { [self] in messages(Uppercase.reply) }, most, stop, recorder)
        case .adder: try loop(Separately { [self] in messages(Adder.reply) }, most, stop, recorder)
        case .greeting: try loop(Separately { Greeting() }, most, stop, recorder)
        case .sixteen: try loop(Separately { Sixteen() }, most, stop, recorder)
        case .file:
            guard let folder = settings.folder else { return }
            // Each client may have a file open besides its connection.
            try loop(Separately { FileServer(folder: folder) }, settings.most ?? max(1, most / 2), stop, recorder)
        case .textStore: try loop(store, most, stop, recorder)
        case .chat: try loop(Chat(), settings.most ?? ServiceSettings.chatMembers, stop, recorder)
        case .unixEcho: try loop(Separately { Echo() }, most, stop, recorder)
        case .udpEcho: try datagrams(Echo(), stop, recorder)
        case .upperUDP: try datagrams(UppercaseDatagrams(), stop, recorder)
        case .udpSink: try datagrams(Sink(), stop, recorder)
        case .udpLength: try datagrams(DatagramLength(), stop, recorder)
        case .udpBackoff: try datagrams(lossy, stop, recorder)
        }
    }

    private func loop(_ group: some GroupLogic, _ most: Int, _ stop: Int32, _ recorder: CallRecorder?)
        throws(SocketError)
    {
        let transport: SocketCall.Transport = service == .unixEcho ? .unix : .tcp
        // An echo's work for an octet is next to nothing: large pieces for it, small ones for services that think.
        let size = service == .tcpEcho || service == .unixEcho ? 65_536 : 16_384
        var driver = try EventLoopDriver(
            group, most: most, receiveSize: size, options: options, recorder: recorder, transport: transport,
            report: report)
        let claim =
            if let recorder { try listen(recorder.sockets(.server), &driver) } else { try listen(Self.plain, &driver) }
        defer { claim?.release() }
        try driver.run(until: stop)
    }

    /// - Returns: the file that is to go in the end; nil where there is none.
    private func listen<S: BerkeleySocket & ~Copyable, Group: GroupLogic>(
        _ socket: @escaping SocketMaker<S>, _ driver: inout EventLoopDriver<Group>
    ) throws(SocketError) -> UnixPathClaim? {
        if service == .unixEcho {
            let listener = try socket(.unix, settings.unixKind)
            try listener.bind(to: settings.path)
            let claim = UnixPathClaim(settings.path)
            do throws(SocketError) {
                try listener.listen(backlog: settings.backlog)
                try driver.add(listener, local: nil)
            } catch {
                claim.release()
                throw error
            }
            report(.listeningAt(settings.path))
            return claim
        }
        var port = Port.any
        for endpoint in endpoints {
            let endpoint = Self.place(endpoint, port)
            let listener = try options.makeBound(socket, .stream, at: endpoint)
            try listener.listen(backlog: settings.backlog)
            let local = endpoint.port == .any ? try listener.localEndpoint() : endpoint
            port = local.port
            try driver.add(listener, local: local)
            report(.listening(local))
        }
        return nil
    }

    private func datagrams(_ logic: some ServiceLogic, _ stop: Int32, _ recorder: CallRecorder?) throws(SocketError) {
        var driver = DatagramLoop(logic, recorder: recorder, report: report)
        var port = Port.any
        for endpoint in endpoints {
            let endpoint = Self.place(endpoint, port)
            let local: Endpoint
            if let recorder {
                local = try driver.add(options.makeBound(recorder.sockets(.server), .datagram, at: endpoint))
            } else {
                local = try driver.add(options.makeBound(Self.plain, .datagram, at: endpoint))
            }
            port = local.port
            report(.listening(local))
        }
        try driver.run(until: stop)
    }

    /// "Any free port" is one port for all addresses: the first's.
    private static func place(_ endpoint: Endpoint, _ port: Port) -> Endpoint {
        endpoint.port == .any ? Endpoint(endpoint.address, port, scope: endpoint.scope) : endpoint
    }

    private static let plain: SocketMaker<Socket> = { (family, kind) throws(SocketError) in try Socket(family, kind) }
}
