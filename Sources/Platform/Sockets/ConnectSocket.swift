import Addressing
import CNetShims
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A TCP socket that does not block, for whoever tries many connections at once, such as a port scanner.
///
/// Only the descriptor's number, not its owner, so that thousands of them can stand in an array: whoever opens one
/// closes it. `Socket` is the safe owner for everything else.
public struct ConnectSocket: Hashable, Sendable {
    /// The descriptor's number.
    public let descriptor: Int32

    /// How far a connection has come.
    public enum Step: Hashable, Sendable {
        case connected
        /// No answer yet.
        case pending
        case failed(Errno)
    }

    /// socket(2) with SOCK_NONBLOCK, and IP_RECVERR where there is such a thing.
    public static func open(_ family: AddressFamily) throws(SocketError) -> ConnectSocket {
        #if canImport(Darwin)
            let outcome = systemSocket(family.number, SocketKind.stream.number)
        #elseif canImport(Musl)
            let outcome = systemSocket(family.number, SocketKind.stream.number | SOCK_NONBLOCK)
        #else
            let outcome = systemSocket(
                family.number, SocketKind.stream.number | Int32(truncatingIfNeeded: SOCK_NONBLOCK.rawValue))
        #endif
        guard outcome.succeeded else { throw SocketError(.socket, outcome.code, subject: family.text) }
        let descriptor = Int32(truncatingIfNeeded: outcome.value)
        #if canImport(Darwin)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        #endif
        QueuedError.enable(on: descriptor, family)
        return ConnectSocket(descriptor: descriptor)
    }

    /// connect(2): sends the SYN. Over loopback the answer has usually come by the time this returns, but the call
    /// itself still says "pending": ask `progress`.
    public func start(to peer: Endpoint) -> Step {
        let code = call(peer)
        return code == 0
            ? .connected
            : code == EINPROGRESS || code == EINTR || code == EALREADY ? .pending : .failed(Errno(rawValue: code))
    }

    /// What became of the connection since `start`.
    ///
    /// On Linux by a second connect(2), which tells 0, EALREADY or the error, and after a refusal leaves the socket as
    /// good as new (`canBeUsedAgain`); elsewhere by getpeername(2) and SO_ERROR.
    public func progress(to peer: Endpoint) -> Step {
        #if canImport(Darwin)
            var form = OptionForm(.number(0))
            if systemGetOption(descriptor, SOL_SOCKET, SO_ERROR, &form).succeeded,
                case .number(let code) = form.storage, code != 0
            {
                return .failed(Errno(rawValue: code))
            }
            return systemPeerEndpoint(descriptor).succeeded ? .connected : .pending
        #else
            let code = call(peer)
            switch code {
            case 0, EISCONN: return .connected
            case EALREADY, EINPROGRESS, EINTR: return .pending
            default: return .failed(Errno(rawValue: code))
            }
        #endif
    }

    /// Whether a socket whose connection was refused can try the next port: POSIX leaves it open, Linux disconnects it.
    /// It saves socket(2) and close(2), a third of the time of a refused connection.
    public static var canBeUsedAgain: Bool {
        #if canImport(Darwin)
            false
        #else
            true
        #endif
    }

    /// Takes the oldest entry off the error queue: which ICMP message the failure comes from. nil: none (then a refusal
    /// was a RST).
    public func takeQueuedError() -> QueuedError? { QueuedError.take(from: descriptor) }

    /// getsockname(2).
    public func localEndpoint() -> Endpoint? { systemLocalEndpoint(descriptor).address }

    /// recv(2) into the buffer: nil when there is nothing yet, 0 when the peer has ended the stream, -1 for an error.
    public func receive(into buffer: inout [UInt8]) -> Int? {
        var span = buffer.mutableSpan
        let outcome = systemReceive(descriptor, &span)
        return outcome.wouldBlock ? nil : outcome.value
    }

    /// shutdown(2) of the sending direction: FIN.
    public func finish() { _ = systemShutdown(descriptor, ShutdownDirection.sending.number) }

    /// close(2): an established connection ends with FIN (RST if there is data that nobody read), one that is still
    /// being made is forgotten without a packet.
    ///
    /// - Parameter reset: ends it with RST instead (SO_LINGER with 0 seconds): no TIME-WAIT stays behind.
    public func close(reset: Bool = false) {
        if reset { _ = systemSetOption(descriptor, SOL_SOCKET, SO_LINGER, Linger(seconds: 0).form) }
        _ = systemClose(descriptor)
    }

    /// errno of one connect(2), 0 when it succeeded.
    private func call(_ peer: Endpoint) -> Int32 {
        let address = SocketAddress(peer)
        let result = unsafe address.withPointer { unsafe connect(descriptor, $0, $1) }
        return result == 0 ? 0 : errno
    }
}
