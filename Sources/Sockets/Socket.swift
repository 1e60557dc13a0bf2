import Addressing
import Platform

/// The owner of a socket's descriptor, which is closed when the owner goes away, unless `close` or `release` came
/// first. The calls are those of `BerkeleySocket`.
public struct Socket: ~Copyable, BerkeleySocket {
    /// The descriptor's number; it stays the socket's.
    public let descriptor: Int32

    /// socket(2): a new descriptor, closed on exec, for a byte stream or for datagrams.
    public init(_ family: AddressFamily, _ kind: SocketKind) throws(SocketError) {
        let outcome = systemSocket(family.number, kind.number)
        guard outcome.succeeded else { throw SocketError(.socket, outcome.code, subject: family.text) }
        descriptor = Int32(truncatingIfNeeded: outcome.value)
    }

    /// Takes over a descriptor that somebody else opened.
    public init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = systemClose(descriptor) }

    /// Makes the call; nobody watches.
    public func perform(_ request: CallRequest, _ body: () -> CallOutcome) -> CallOutcome { body() }

    /// Takes over what accept gave.
    public func adopt(_ descriptor: Int32, peer: Endpoint) -> Socket { Socket(owning: descriptor) }

    /// getsockname(2) and getpeername(2).
    public func knownEndpoints() -> (local: Endpoint?, peer: Endpoint?) {
        (systemLocalEndpoint(descriptor).address, systemPeerEndpoint(descriptor).address)
    }

    /// Gives the descriptor away unclosed: whoever takes it closes it.
    public consuming func release() -> Int32 {
        let number = descriptor
        discard self
        return number
    }

    /// The address from which this machine would reach a peer, without sending anything: connect(2) and getsockname(2)
    /// on a scratch datagram socket. nil where there is no route.
    public static func sourceAddress(toward peer: Endpoint) -> IPAddress? { systemSourceAddress(toward: peer) }
}

/// How sockets are made: `Socket.init` or `CallRecorder.sockets(_:)`. Code that takes it says
/// `let listener = try socket(.ipv4, .stream)`, as in C.
public typealias SocketMaker<S: BerkeleySocket & ~Copyable> =
    @Sendable (AddressFamily, SocketKind) throws(SocketError) -> S
