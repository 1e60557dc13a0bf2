import Addressing
import Sockets

/// The course's server loops: one client after the other, each call blocks. With `Socket.init` they just run, with
/// `CallRecorder.sockets(.server)` every call is recorded.
public struct BlockingDriver<S: BerkeleySocket & ~Copyable>: Sendable {
    private let socket: SocketMaker<S>
    private let stop: SocketStop

    /// - Parameter stop: ends the loops from another thread; they then return as if their limit was reached.
    public init(socket: @escaping SocketMaker<S>, stop: SocketStop = SocketStop()) {
        self.socket = socket
        self.stop = stop
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
        let listener = try socket(AddressFamily(of: local.address), .stream)
        if reuseAddress { try listener.set(.reuseAddress, true) }
        try listener.bind(to: local)
        try listener.listen(backlog: backlog)
        report(.listening(local.port == .any ? try listener.localEndpoint() : local))

        // Taken out of the stop before the descriptor is closed, on either way out.
        stop.add(listener.descriptor)
        do throws(SocketError) {
            var served = 0
            while served < limit ?? .max, !stop.isStopped {
                if try serveNext(of: listener, logic(), report) { served += 1 }
            }
        } catch {
            stop.remove(listener.descriptor)
            throw error
        }
        stop.remove(listener.descriptor)
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
        let server = try socket(AddressFamily(of: local.address), .datagram)
        try server.bind(to: local)
        report(.listening(local.port == .any ? try server.localEndpoint() : local))

        stop.add(server.descriptor)
        do throws(SocketError) {
            try answerDatagrams(of: server, limit, size, logic, report)
        } catch {
            stop.remove(server.descriptor)
            throw error
        }
        stop.remove(server.descriptor)
        try server.close()
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
        do throws(SocketError) { try converse(client.socket, logic) } catch { failure = error }
        stop.remove(client.socket.descriptor)
        do throws(SocketError) { try client.socket.close() } catch { failure = failure ?? error }
        report(.finished(peer, failure))
        return true
    }

    private func converse(_ client: borrowing S, _ logic: some ServiceLogic) throws(SocketError) {
        var logic = logic
        var answer = ServiceAnswer()
        while !answer.closes {
            let bytes = try client.recv(CourseDefaults.receiveSize)
            answer.reset()
            if bytes.isEmpty {
                logic.peerFinished(&answer)
                answer.close()
            } else {
                logic.received(bytes.span, &answer)
            }
            if !answer.bytes.isEmpty { try client.sendAll(answer.bytes) }
        }
    }

    private func answerDatagrams(
        of server: borrowing S, _ limit: Int?, _ size: Int, _ logic: some ServiceLogic, _ report: (ServiceEvent) -> Void
    ) throws(SocketError) {
        var logic = logic
        var answer = ServiceAnswer()
        var served = 0
        while served < limit ?? .max, !stop.isStopped {
            let (bytes, sender) = try server.recvfrom(size)
            // Nobody's datagram: the socket was shut down.
            guard let sender else { continue }
            answer.reset()
            logic.received(bytes.span, &answer)
            if answer.isGiven {
                do throws(SocketError) { try server.sendto(answer.bytes.span, sender) } catch { report(.unanswered(sender, error)) }
            }
            served += 1
        }
    }
}
