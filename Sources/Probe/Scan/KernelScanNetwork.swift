import Addressing
import Sockets
import SystemPackage

/// Real connections: sockets that do not block, watched by one `Poller`.
///
/// Over loopback the answer is there before connect(2) returns. So a probe is asked once before it is watched, as long
/// as that pays, and a socket that was refused tries the next port (`ConnectSocket.canBeUsedAgain`): the scan of a
/// machine's own ports needs three system calls a port and never waits.
public struct KernelScanNetwork: ~Copyable, ScanNetwork {
    private struct Entry {
        var socket: ConnectSocket?
        var peer = Endpoint(.v4(.any), .any)
        var isConnected = false
    }

    private let clock: @Sendable () -> Int64
    private var poller: Poller
    private var ready: [Poller.Event] = []
    private var entries: [Entry] = []
    private var spare: [AddressFamily: ConnectSocket] = [:]
    private var lingering = LingeringCloses()
    /// Both ends of probes that met each other.
    private var ownEnds: Set<Endpoint> = []
    /// How often in a row asking at once was in vain; then it is tried now and then only.
    private var vainLooks = 0
    private var buffer = [UInt8](repeating: 0, count: 1024)
    private let networks: [InterfaceAddress]
    /// How many sockets may be open at once, from the limit of descriptors.
    public let capacity: Int

    /// Descriptors for everything else: standard streams, output files, the poller.
    private static let reserve = 48
    /// More sockets than this gain nothing and cost the kernel memory.
    private static let mostSockets = 16_384

    /// Raises the descriptor limit as far as it goes.
    public init(clock: @escaping @Sendable () -> Int64) throws(SocketError) {
        self.clock = clock
        poller = try Poller()
        capacity = max(16, min(DescriptorLimit.raise() - Self.reserve, Self.mostSockets))
        networks = ((try? InterfaceAddresses.all()) ?? []).flatMap(\.addresses)
    }

    deinit {
        for entry in entries { entry.socket?.close() }
        for socket in spare.values { socket.close() }
        lingering.close()
    }

    /// Nanoseconds of the clock that was handed in.
    public func now() -> Int64 { clock() }

    /// Whether a target is this machine, on a link of it, or further away.
    public func distance(to target: ScanTarget) -> HostDistance {
        if target.address.isLoopback || networks.contains(where: { $0.address == target.address }) { return .own }
        return networks.contains { $0.contains(target.address) } ? .link : .far
    }

    /// Begins a non-blocking connect(2). No room for a socket is told apart from an answer.
    public mutating func start(_ probe: Int, to peer: Endpoint) -> ProbeStart {
        let family = AddressFamily(of: peer.address)
        let socket: ConnectSocket
        if let used = spare.removeValue(forKey: family) {
            socket = used
        } else {
            do throws(SocketError) { socket = try ConnectSocket.open(family) } catch {
                return error.code == .addressFamilyNotSupported ? .answered(.local(.networkUnreachable)) : .noRoom
            }
        }
        let step = socket.start(to: peer)
        let answer: ProbeAnswer?
        switch step {
        case .pending:
            if vainLooks < 4 || vainLooks % 16 == 0 {
                answer = self.answer(of: socket, peer, socket.progress(to: peer))
            } else {
                answer = nil
            }
            vainLooks = answer == nil ? vainLooks &+ 1 : 0
        case .connected: answer = self.answer(of: socket, peer, step)
        case .failed(let code):
            if Self.isShortage(code) {
                socket.close()
                return .noRoom
            }
            answer = self.answer(of: socket, peer, step)
        }
        if answer == .refused, ConnectSocket.canBeUsedAgain {
            if let other = spare.updateValue(socket, forKey: family) { other.close() }
            return .answered(.refused)
        }
        if let answer, answer != .connected {
            socket.close()
            return .answered(answer)
        }
        while entries.count <= probe { entries.append(Entry()) }
        entries[probe] = Entry(socket: socket, peer: peer, isConnected: answer == .connected)
        if answer == .connected { return .answered(.connected) }
        do throws(SocketError) { try poller.add(socket.descriptor, token: UInt64(probe), for: .writable) } catch {
            end(probe)
            return .noRoom
        }
        return .pending
    }

    /// Closes a probe's socket.
    public mutating func end(_ probe: Int) {
        entries[probe].socket?.close()
        entries[probe].socket = nil
    }

    /// Ends a connection: with RST, or with FIN and a short wait for the other end's.
    public mutating func hangUp(_ probe: Int, reset: Bool) {
        guard let socket = entries[probe].socket else { return }
        entries[probe].socket = nil
        poller.remove(socket.descriptor)
        if reset { return socket.close(reset: true) }
        lingering.begin(socket, at: now(), poller)
    }

    /// Watches a connection for what the other end says.
    public mutating func listen(_ probe: Int) {
        guard let socket = entries[probe].socket else { return }
        // It may have been watched until it was connected, or never.
        poller.remove(socket.descriptor)
        try? poller.add(socket.descriptor, token: UInt64(probe), for: .readable)
    }

    /// Waits with the poller until something happens, or the deadline (nanoseconds of the clock) comes.
    public mutating func wait(until deadline: Int64, into events: inout [ProbeEvent]) {
        let time = now()
        let until = min(deadline, lingering.expire(time) ?? deadline)
        ready.removeAll(keepingCapacity: true)
        do throws(SocketError) { try poller.wait(nanoseconds: max(0, until - time), into: &ready) } catch { return }
        for event in ready {
            if lingering.take(event) { continue }
            let probe = Int(truncatingIfNeeded: event.token)
            // Closed by an event before it in this very list.
            guard probe < entries.count, let socket = entries[probe].socket else { continue }
            if entries[probe].isConnected {
                if let count = socket.receive(into: &buffer) {
                    poller.remove(socket.descriptor)
                    events.append(ProbeEvent(probe, .said(count > 0 ? Array(buffer.prefix(count)) : [])))
                }
            } else if let answer = answer(of: socket, entries[probe].peer, socket.progress(to: entries[probe].peer)) {
                entries[probe].isConnected = answer == .connected
                if answer != .connected { end(probe) } else { poller.remove(socket.descriptor) }
                events.append(ProbeEvent(probe, .answer(answer)))
            }
        }
    }

    /// Reads from the connections that were ended, so that their other ends get no RST.
    public mutating func settle() {
        var events: [ProbeEvent] = []
        while !lingering.isEmpty { wait(until: now() + LingeringCloses.time, into: &events) }
    }

    /// What a socket's state means; nil while there is no answer.
    private mutating func answer(of socket: ConnectSocket, _ peer: Endpoint, _ step: ConnectSocket.Step) -> ProbeAnswer?
    {
        switch step {
        case .connected:
            return hasMetItself(socket, peer) ? .metItself : .connected
        case .pending:
            // While connect(2) runs it owns the socket, and an ICMP message that comes meanwhile is only queued: the
            // system would go on sending SYNs.
            return socket.takeQueuedError().flatMap(Self.answer)
        case .failed(let code):
            if let queued = socket.takeQueuedError(), let answer = Self.answer(queued) { return answer }
            switch code {
            case .connectionRefused, .connectionAbort: return .refused
            // A RST in answer to the SYN is ECONNREFUSED. These two say that a connection was there and has ended:
            // the service accepted and reset it (SO_LINGER 0), or sent FIN and then RST.
            case .connectionReset, .brokenPipe: return .connected
            case .networkUnreachable, .networkDown, .networkReset: return .local(.networkUnreachable)
            case .noRouteToHost, .hostIsDown: return .local(.hostUnreachable)
            case .permissionDenied, .notPermitted: return .local(.permissionDenied)
            case .timedOut: return .local(.noResponse)
            default: return .local(.other)
            }
        }
    }

    private static func answer(_ queued: QueuedError) -> ProbeAnswer? {
        switch queued.origin {
        case .icmp: .icmp(ICMPKind(isVersion6: false, type: queued.type, code: queued.code), from: queued.offender)
        case .icmpv6: .icmp(ICMPKind(isVersion6: true, type: queued.type, code: queued.code), from: queued.offender)
        case .local, .other: nil
        }
    }

    /// An ephemeral port that is scanned from itself answers its own SYN (RFC 9293 section 3.5, simultaneous open), and
    /// so do two probes that are each other's target.
    private mutating func hasMetItself(_ socket: ConnectSocket, _ peer: Endpoint) -> Bool {
        guard let local = socket.localEndpoint(), local.address == peer.address else { return false }
        if local.port == peer.port || ownEnds.contains(where: { $0.address == peer.address && $0.port == peer.port }) {
            return true
        }
        let other = entries.first { entry in
            guard let socket = entry.socket, entry.peer.port == local.port, entry.peer.address == local.address else {
                return false
            }
            return socket.localEndpoint()?.port == peer.port
        }
        guard other != nil else { return false }
        ownEnds.insert(local)
        return true
    }

    /// This says nothing about the port: the machine has run out of something.
    private static func isShortage(_ code: Errno) -> Bool {
        [.addressNotAvailable, .addressInUse, .noBufferSpace, .noMemory, .resourceTemporarilyUnavailable].contains(code)
    }
}
