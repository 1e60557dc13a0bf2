import Addressing
import Sockets
import SystemPackage

/// The real network: one connected UDP socket, so that ICMP messages about it come back as errors, and the kernel's
/// stamps.
public struct PingSocket: ~Copyable, PingNetwork {
    /// The socket, connected to the server.
    public let socket: DatagramSocket
    private let signals: SignalWaiter
    /// A flood: it looks for the answer again and again before it sleeps (`ActiveWait`), then sleeps in recvmsg itself,
    /// which is one call less an answer; signals are looked for now and then.
    private let isTight: Bool
    private var active = ActiveWait()
    private var untilSignals = 0
    /// Errors that were met while something else was asked.
    private var failures: [(PingFailure, [UInt8])] = []
    private var scratch = [UInt8](repeating: 0, count: 64)

    /// - Parameter signals: what ends the run, and SIGQUIT.
    public init(_ socket: consuming DatagramSocket, signals: SignalWaiter, isTight: Bool) {
        self.socket = socket
        self.signals = signals
        self.isTight = isTight
        // Cannot fail on an open socket.
        try? self.socket.setSendTimeout(.seconds(1))
        if isTight { try? self.socket.setReceiveTimeout(.milliseconds(10)) }
        // Many answers at once must not be lost here.
        self.socket.enlargeReceiveBuffer(4 << 20)
    }

    /// The steady clock and the wall clock, which the kernel's stamps are of.
    public mutating func now() -> PingMoment {
        let wall = SystemClock.now()
        return PingMoment(
            monotonic: MonotonicClock.now(), wall: wall.seconds &* 1_000_000_000 &+ Int64(wall.nanoseconds))
    }

    /// send(2). A queued error of an earlier request is taken off first, and the request sent again.
    public mutating func send(_ request: Span<UInt8>) -> PingFailure? {
        // An error of an earlier request comes out of the next call, whichever it is, and that one sends nothing.
        var last = Errno.connectionRefused
        for _ in 0..<8 {
            guard let code = socket.send(request) else { return nil }
            last = code
            if !takeErrors(local: code) { break }
        }
        return PingFailure(code: SocketError(.send, last.rawValue, peer: socket.peer, byteCount: request.count))
    }

    /// Waits for an answer, an error from the error queue, or a signal.
    public mutating func wait(until: Int64, into buffer: inout [UInt8]) throws(SocketError) -> PingEvent {
        if !failures.isEmpty { return give(&buffer) }
        if isTight {
            untilSignals -= 1
            if untilSignals <= 0 {
                untilSignals = 256
                if let signal = signals.next() { return .signal(signal) }
            }
            if let arrival = active.wait(until: until, { socket.receive(into: &buffer, waiting: false) }) {
                return event(arrival, &buffer)
            }
            return event(socket.receive(into: &buffer, waiting: true), &buffer)
        }
        let ready = try waitForEither(socket.descriptor, signals.descriptor, atMost: until &- MonotonicClock.now())
        if ready.second, let signal = signals.next() { return .signal(signal) }
        return ready.first ? event(socket.receive(into: &buffer, waiting: false), &buffer) : .nothing
    }

    private mutating func event(_ arrival: DatagramSocket.Arrival, _ buffer: inout [UInt8]) -> PingEvent {
        switch arrival {
        case .datagram(let count, let arrival, let isCut):
            return .answer(
                count: count, isCut: isCut,
                arrival: arrival.map { $0.seconds &* 1_000_000_000 &+ Int64($0.nanoseconds) })
        case .nothing:
            untilSignals = 0
            _ = takeErrors(local: nil)
            return failures.isEmpty ? .nothing : give(&buffer)
        case .failed(let code):
            if !takeErrors(local: nil) {
                failures.append((PingFailure(code: SocketError(.recv, code.rawValue, peer: socket.peer)), []))
            }
            return give(&buffer)
        }
    }

    /// Empties the error queue; false when a failed call cannot be explained by what was in it.
    private mutating func takeErrors(local: Errno?) -> Bool {
        var found = false
        while let error = socket.takeError(into: &scratch) {
            // What this machine itself refuses is the failed call's own errno.
            if !error.isICMP { continue }
            found = true
            failures.append(
                (
                    PingFailure(code: SocketError(.recv, error.code.rawValue, peer: socket.peer), error: error),
                    Array(scratch.prefix(error.count))
                ))
        }
        // Where there is no such queue a refusal can only be an earlier request's.
        if !found, local == .connectionRefused {
            failures.append(
                (PingFailure(code: SocketError(.recv, Errno.connectionRefused.rawValue, peer: socket.peer)), []))
            return true
        }
        return found
    }

    private mutating func give(_ buffer: inout [UInt8]) -> PingEvent {
        guard !failures.isEmpty else { return .nothing }
        let (failure, quoted) = failures.removeFirst()
        for (index, byte) in quoted.enumerated() where index < buffer.count { buffer[index] = byte }
        return .failure(failure, quoted: quoted.count)
    }
}
