import Addressing
import Sockets

/// The course's server loops: one client after the other, each call blocks. With `Socket.init` they just run, with
/// `CallRecorder.sockets(.server)` every call is recorded.
public struct BlockingDriver<S: BerkeleySocket & ~Copyable>: Sendable {
    private let socket: SocketMaker<S>
    private let stop: SocketStop
    private let options: ServerOptions
    private let digests = FileDigests()

    /// - Parameter stop: ends the loops from another thread; they then return as if their limit was reached.
    public init(
        socket: @escaping SocketMaker<S>, stop: SocketStop = SocketStop(), options: ServerOptions = ServerOptions()
    ) {
        self.socket = socket
        self.stop = stop
        self.options = options
    }

    /// Serves TCP: socket, bind, listen, then for each client accept, recv and send until recv gives 0, close.
    ///
    /// - Parameters:
    ///   - backlog: how many clients may wait while one is served.
    ///   - limit: after how many connections it ends; nil is never.
    ///   - reuseAddress: sets SO_REUSEADDR, so that the port can be had while old connections are in TIME_WAIT.
    ///   - logic: makes the logic of each connection.
    ///   - report: called on this thread.
    /// - Throws: what befell the listener. What befalls a connection is reported.
    public func serveTCP(
        at local: Endpoint, backlog: Int32 = 1, connections limit: Int? = nil, reuseAddress: Bool = false,
        logic: () -> some ServiceLogic, report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        var options = options
        if reuseAddress { options.reuseAddress = true }
        let listener = try options.makeBound(socket, .stream, at: local)
        try listener.listen(backlog: backlog)
        report(.listening(local.port == .any ? try listener.localEndpoint() : local))
        try serveConnections(of: listener, limit, logic, report)
        try listener.close()
    }

    /// Serves UDP: socket, bind, then recvfrom and sendto for each datagram.
    ///
    /// - Parameters:
    ///   - limit: after how many datagrams it ends; nil is never.
    ///   - size: how much of a datagram is taken; the rest of a longer one is lost.
    ///   - logic: serves the whole socket.
    ///   - report: called on this thread.
    /// - Throws: what befell the socket. An answer that cannot be sent is reported.
    public func serveUDP(
        at local: Endpoint, datagrams limit: Int? = nil, size: Int = CourseDefaults.datagramSize,
        logic: some ServiceLogic, report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        let server = try options.makeBound(socket, .datagram, at: local)
        let bound = local.port == .any ? try server.localEndpoint() : local
        report(.listening(bound))
        try underStop(server) { (server: borrowing S) throws(SocketError) in
            try answerDatagrams(of: server, at: bound, limit, size, logic, report)
        }
        try server.close()
    }

    /// Serves an AF_UNIX stream or sequenced-packet socket as `serveTCP` does a TCP one. The file is removed at the
    /// end.
    public func serveUnix(
        at path: UnixPath, _ kind: SocketKind, backlog: Int32 = 1, connections limit: Int? = nil,
        logic: () -> some ServiceLogic, report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        let listener = try socket(.unix, kind)
        try listener.bind(to: path)
        let claim = UnixPathClaim(path)
        defer { claim.release() }
        try listener.listen(backlog: backlog)
        report(.listeningAt(path))
        try serveConnections(of: listener, limit, logic, report)
        try listener.close()
    }

    /// Serves an AF_UNIX datagram socket: who wants an answer must have a path too.
    public func serveUnixDatagrams(
        at path: UnixPath, datagrams limit: Int? = nil, size: Int = CourseDefaults.datagramSize,
        logic: some ServiceLogic, report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        let server = try socket(.unix, .datagram)
        try server.bind(to: path)
        let claim = UnixPathClaim(path)
        defer { claim.release() }
        report(.listeningAt(path))
        var logic = logic
        try underStop(server) { (server: borrowing S) throws(SocketError) in
            var answer = ServiceAnswer()
            var served = 0
            while served < limit ?? .max, !stop.isStopped {
                let (bytes, sender) = try server.recvfromPath(size)
                if stop.isStopped { return }
                answer.reset()
                logic.received(bytes.span, &answer)
                if answer.isGiven, let sender {
                    do throws(SocketError) {
                        // AF_UNIX datagrams are not lost: sendto() would wait for a client that reads none, and all
                        // others with it.
                        try server.sendto(answer.bytes.span, sender, .dontWait)
                    } catch {
                        report(.unanswered(.localClient, error))
                    }
                }
                served += 1
            }
        }
        try server.close()
    }

    // MARK: Connections

    private func serveConnections(
        of listener: borrowing S, _ limit: Int?, _ logic: () -> some ServiceLogic, _ report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        try underStop(listener) { (listener: borrowing S) throws(SocketError) in
            var served = 0
            while served < limit ?? .max, !stop.isStopped {
                if try serveNext(of: listener, logic(), report) { served += 1 }
            }
        }
    }

    /// A descriptor is taken out of the stop before it is closed, on either way out.
    private func underStop(_ socket: borrowing S, _ body: (borrowing S) throws(SocketError) -> Void) throws(SocketError)
    {
        stop.add(socket.descriptor)
        do throws(SocketError) {
            try body(socket)
        } catch {
            stop.remove(socket.descriptor)
            throw error
        }
        stop.remove(socket.descriptor)
    }

    /// Accepts one client and serves it to its end; false if there was none in the end.
    private func serveNext(
        of listener: borrowing S, _ logic: some ServiceLogic, _ report: (ServiceEvent) -> Void
    ) throws(SocketError) -> Bool {
        let client: Accepted<S>
        do throws(SocketError) {
            client = try listener.accept()
        } catch {
            // The client went away while it waited in the queue, or this server is told to end.
            if error.code == .connectionAbort || stop.isStopped { return false }
            throw error
        }
        let peer = client.peer
        report(.connected(peer))
        var failure: SocketError?
        stop.add(client.socket.descriptor)
        do throws(SocketError) {
            try options.prepare(client.socket)
            try converse(client.socket, peer, logic, report)
        } catch {
            failure = error
        }
        stop.remove(client.socket.descriptor)
        do throws(SocketError) { try client.socket.close() } catch { failure = failure ?? error }
        report(.finished(peer, failure))
        return true
    }

    private func converse(
        _ client: borrowing S, _ peer: Endpoint, _ logic: some ServiceLogic, _ report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        var logic = logic
        var answer = ServiceAnswer()
        logic.connected(&answer)
        try give(answer, to: client, peer, report)
        while !answer.closes {
            answer.reset()
            if logic.awaitsQuiet, try waitReady(client.descriptor, for: .readable, timeout: Quiet.time).isEmpty {
                logic.fellQuiet(&answer)
            } else {
                let bytes = try client.recv(CourseDefaults.receiveSize)
                if bytes.isEmpty {
                    logic.peerFinished(&answer)
                    answer.close()
                } else {
                    logic.received(bytes.span, &answer)
                }
            }
            try give(answer, to: client, peer, report)
        }
    }

    private func give(
        _ answer: ServiceAnswer, to client: borrowing S, _ peer: Endpoint, _ report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        for remark in answer.remarks { report(.remark(peer, remark)) }
        try client.sendAll(answer, digests)
    }

    // MARK: Datagrams

    private func answerDatagrams(
        of server: borrowing S, at local: Endpoint, _ limit: Int?, _ size: Int, _ logic: some ServiceLogic,
        _ report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        var answers = AnswerGuard(local: local)
        var logic = logic
        var answer = ServiceAnswer()
        var served = 0
        while served < limit ?? .max, !stop.isStopped {
            let (bytes, sender) = try server.recvfrom(size)
            // A datagram without a sender: the socket was shut down.
            guard let sender else { continue }
            answer.reset()
            logic.received(bytes.span, &answer)
            for remark in answer.remarks { report(.remark(sender, remark)) }
            if answer.isGiven, answers.allows(sender, report) {
                do throws(SocketError) {
                    try server.sendto(answer.bytes.span, sender)
                } catch {
                    // Told to end between the two calls: then EPIPE is expected.
                    if !stop.isStopped { report(.unanswered(sender, error)) }
                }
            }
            served += 1
        }
    }
}

extension BerkeleySocket where Self: ~Copyable {
    /// Sends a whole answer, reading files piece by piece.
    func sendAll(_ answer: ServiceAnswer, _ digests: FileDigests) throws(SocketError) {
        if !answer.bytes.isEmpty { try sendAll(answer.bytes) }
        for part in answer.parts {
            switch part {
            case .bytes(let bytes): if !bytes.isEmpty { try sendAll(bytes) }
            case .digest(let file): try sendAll(Array(digests.digestNow(of: file).utf8))
            case .file(var region):
                while region.count > 0 {
                    var piece = [UInt8](repeating: 0, count: Int(min(region.count, 65_536)))
                    let count = region.file.read(at: region.offset, into: &piece)
                    // The file became shorter: the peer must not take what follows for its content.
                    guard count > 0 else { throw SocketError("pread", SocketError.ioError) }
                    try sendAll(Array(piece.prefix(count)))
                    region.offset += Int64(count)
                    region.count -= Int64(count)
                }
            }
        }
    }
}
