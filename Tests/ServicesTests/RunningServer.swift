import Addressing
import Services
import Sockets
import Synchronization

/// An echo server on a thread of its own. It is made when the server listens, so nobody has to wait or to try again.
final class RunningServer {
    let endpoint: Endpoint
    let stop: SocketStop
    private let thread: SystemThread<Result<[ServiceEvent], SocketError>>

    convenience init(_ kind: SocketKind, at local: Endpoint, limit: Int?, size: Int = 4096) throws {
        try self.init(kind, at: local, limit: limit, size: size) { (family, kind) throws(SocketError) in
            try Socket(family, kind)
        }
    }

    init<S: BerkeleySocket & ~Copyable>(
        _ kind: SocketKind, at local: Endpoint, limit: Int?, size: Int = 4096, socket: @escaping SocketMaker<S>
    ) throws {
        // The first event comes through a pair of connected datagram sockets: a wait without polling or sleeping.
        let mailbox = try Socket(.ipv4, .datagram)
        try mailbox.bind(to: Endpoint(.v4(.loopback), .any))
        let address = try mailbox.localEndpoint()
        let listening = Listening()
        let stop = SocketStop()
        self.stop = stop
        thread = try SystemThread.start {
            let driver = BlockingDriver(socket: socket, stop: stop)
            var events: [ServiceEvent] = []
            let report: (ServiceEvent) -> Void = { event in
                events.append(event)
                if case .listening(let endpoint) = event {
                    listening.endpoint.withLock { $0 = endpoint }
                    _ = try? Socket(.ipv4, .datagram).sendto([1].span, address)
                }
            }
            do throws(SocketError) {
                if kind == .stream {
                    try driver.serveTCP(at: local, backlog: 8, connections: limit, logic: { Echo() }, report: report)
                } else {
                    try driver.serveUDP(at: local, datagrams: limit, size: size, logic: Echo(), report: report)
                }
                return .success(events)
            } catch {
                _ = try? Socket(.ipv4, .datagram).sendto([0].span, address)
                return .failure(error)
            }
        }
        _ = try mailbox.recvfrom(1)
        guard let endpoint = listening.endpoint.withLock({ $0 }) else {
            _ = try thread.join().get()
            throw SocketError(.listen, 0)
        }
        self.endpoint = endpoint
    }

    func join() throws -> [ServiceEvent] { try thread.join().get() }

    private final class Listening: Sendable {
        let endpoint = Mutex<Endpoint?>(nil)
    }
}
