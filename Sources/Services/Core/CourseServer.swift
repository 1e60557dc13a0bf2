import Addressing
import Sockets

/// A service, where it listens, and what it is told: one server, ready to run.
public struct CourseServer: Sendable {
    private let service: ServiceDescription
    let settings: ServiceSettings
    private let options: ServerOptions
    private let endpoints: [Endpoint]
    private let report: @Sendable (ServiceEvent) -> Void

    /// - Parameters:
    ///   - endpoints: where to listen; none for AF_UNIX.
    ///   - report: called on the threads of the driver.
    public init(
        _ service: ServiceDescription, at endpoints: [Endpoint], settings: ServiceSettings = ServiceSettings(),
        options: ServerOptions = ServerOptions(),
        report: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        self.service = service
        self.endpoints = endpoints
        self.settings = settings
        var options = options
        if service.hosting.noDelay { options.noDelay = true }
        self.options = options
        self.report = report
    }

    /// The courses' blocking loops, at the first endpoint: one client after the other, or a thread each where clients
    /// share something.
    ///
    /// - Parameters:
    ///   - recorder: sees every socket call.
    ///   - stop: ends the loops from another thread.
    /// - Throws: what befell the listening socket. What befalls a client is reported.
    public func serveSimply(recorder: CallRecorder? = nil, stop: SocketStop) throws(SocketError) {
        try service.hosting.blocking(self, recorder, stop)
    }

    /// Whether the event loop serves it: AF_UNIX datagrams it does not, as they have paths for addresses.
    public var hasEventLoop: Bool { service.transport != .unix || settings.unixKind != .datagram }

    /// Serves all endpoints on this thread, in the event loop, until the descriptor can be read.
    ///
    /// - Parameters:
    ///   - descriptors: how many this process may have open.
    ///   - recorder: sees every socket call.
    /// - Throws: what befell a listening socket. What befalls a client is reported.
    public func serve(until stop: Int32, descriptors: Int, recorder: CallRecorder? = nil) throws(SocketError) {
        // Some are the server's own: standard streams, listeners, the poller, signals, a capture.
        let clients = max(1, descriptors - min(64, max(16, descriptors / 4)))
        try service.hosting.events(self, recorder, ServerBounds(stop: stop, clients: clients))
    }

    /// Makes sockets whose calls are not recorded.
    static let plain: SocketMaker<Socket> = { (family, kind) throws(SocketError) in try Socket(family, kind) }

    // MARK: The blocking form

    /// TCP, one client after the other.
    func serveOneByOne<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ logic: () -> some ServiceLogic
    ) throws(SocketError) {
        let driver = BlockingDriver(socket: socket, stop: stop, options: options)
        try driver.serveTCP(at: endpoints[0], backlog: settings.backlog, logic: logic, report: report)
    }

    /// TCP, a thread for each client.
    func serveThreads<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ group: some GroupLogic
    ) throws(SocketError) {
        let driver = ThreadedDriver(group, socket: socket, stop: stop, options: options, report: report)
        try driver.serve(
            at: endpoints[0], backlog: settings.backlog, most: settings.most ?? ServiceSettings.threadedClients)
    }

    /// UDP, one datagram after the other.
    func serveDatagrams<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ logic: some ServiceLogic
    ) throws(SocketError) {
        let driver = BlockingDriver(socket: socket, stop: stop, options: options)
        try driver.serveUDP(at: endpoints[0], size: CourseDefaults.largestDatagram, logic: logic, report: report)
    }

    /// AF_UNIX, one client or datagram after the other.
    func serveLocally<S: BerkeleySocket & ~Copyable>(
        _ socket: @escaping SocketMaker<S>, _ stop: SocketStop, _ logic: () -> some ServiceLogic
    ) throws(SocketError) {
        let driver = BlockingDriver(socket: socket, stop: stop, options: options)
        if settings.unixKind == .datagram {
            try driver.serveUnixDatagrams(
                at: settings.path, size: CourseDefaults.largestDatagram, logic: logic(), report: report)
        } else {
            try driver.serveUnix(
                at: settings.path, settings.unixKind, backlog: settings.backlog, logic: logic, report: report)
        }
    }

    // MARK: The event loop

    /// TCP and AF_UNIX connections.
    func serveEvents(
        _ group: some GroupLogic, most: Int, receiveSize: Int, _ recorder: CallRecorder?, until stop: Int32
    ) throws(SocketError) {
        var driver = try EventLoopDriver(
            group, most: most, receiveSize: receiveSize, options: options, recorder: recorder,
            transport: service.transport == .unix ? .unix : .tcp, report: report)
        let claim =
            if let recorder { try listen(recorder.sockets(.server), &driver) } else { try listen(Self.plain, &driver) }
        defer { claim?.release() }
        try driver.run(until: stop)
    }

    /// - Returns: the file that is to go in the end; nil where there is none.
    private func listen<S: BerkeleySocket & ~Copyable, Group: GroupLogic>(
        _ socket: @escaping SocketMaker<S>, _ driver: inout EventLoopDriver<Group>
    ) throws(SocketError) -> UnixPathClaim? {
        if service.transport == .unix { return try listenAtPath(socket, &driver) }
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

    private func listenAtPath<S: BerkeleySocket & ~Copyable, Group: GroupLogic>(
        _ socket: SocketMaker<S>, _ driver: inout EventLoopDriver<Group>
    ) throws(SocketError) -> UnixPathClaim {
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

    /// UDP at all endpoints.
    func serveDatagramEvents(_ logic: some ServiceLogic, _ recorder: CallRecorder?, until stop: Int32)
        throws(SocketError)
    {
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
}
