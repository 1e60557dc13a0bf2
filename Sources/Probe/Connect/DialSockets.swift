import Addressing
import Sockets

/// The real network of `HappyEyeballs`: TCP sockets that do not block, and a poller.
public struct DialSockets: ~Copyable, DialNetwork {
    private var poller: Poller
    private var open: [Int: (socket: ConnectSocket, endpoint: Endpoint)] = [:]
    private var events: [Poller.Event] = []

    /// - Throws: epoll_create1(2), or kqueue(2), failed.
    public init() throws(SocketError) { poller = try Poller() }

    deinit { for (_, entry) in open { entry.socket.close() } }

    /// Nanoseconds of the steady clock.
    public mutating func now() -> Int64 { MonotonicClock.now() }

    /// Opens a non-blocking socket and begins connect(2); what fails at once is an outcome.
    public mutating func start(_ index: Int, _ endpoint: Endpoint) -> DialProgress {
        do throws(SocketError) {
            let socket = try ConnectSocket.open(AddressFamily(of: endpoint.address))
            open[index] = (socket, endpoint)
            let progress = judge(index, socket.start(to: endpoint), endpoint)
            if progress == .pending { try poller.add(socket.descriptor, token: UInt64(index), for: .writable) }
            return progress
        } catch {
            giveUp(index)
            return .failed(error, nil)
        }
    }

    /// Waits with the poller until something happens to an attempt, or the moment comes.
    public mutating func wait(until: Int64) throws(SocketError) -> [(index: Int, progress: DialProgress)] {
        try poller.wait(nanoseconds: max(0, until &- now()), into: &events)
        var found: [(index: Int, progress: DialProgress)] = []
        for event in events {
            let index = Int(event.token)
            guard let entry = open[index] else { continue }
            let progress = judge(index, entry.socket.progress(to: entry.endpoint), entry.endpoint)
            if progress == .connected { poller.remove(entry.socket.descriptor) }
            if progress != .pending { found.append((index, progress)) }
        }
        return found
    }

    /// Closes the attempt's socket.
    public mutating func giveUp(_ index: Int) {
        guard let entry = open.removeValue(forKey: index) else { return }
        entry.socket.close()
    }

    /// Hands over the connection that won; it does not block.
    public mutating func take(_ index: Int) -> Socket? {
        open.removeValue(forKey: index).map { Socket(owning: $0.socket.descriptor) }
    }

    private mutating func judge(_ index: Int, _ step: ConnectSocket.Step, _ endpoint: Endpoint) -> DialProgress {
        switch step {
        case .connected: return .connected
        case .pending: return .pending
        case .failed(let code):
            let queued = open[index]?.socket.takeQueuedError()
            giveUp(index)
            return .failed(SocketError(.connect, code.rawValue, peer: endpoint), queued)
        }
    }
}
