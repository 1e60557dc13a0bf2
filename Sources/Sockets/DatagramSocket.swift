import Addressing
import Platform
import SystemPackage

/// A UDP socket with one peer that tells more than `recv` does: when the kernel took a datagram in, whether it was cut,
/// and which ICMP message answered one that was sent.
public struct DatagramSocket: ~Copyable, Sendable {
    private let socket: Socket
    /// The other end, fixed by connect(2).
    public let peer: Endpoint
    private let family: AddressFamily

    /// What a receive gave. The bytes stand at the buffer's start.
    public enum Arrival: Hashable, Sendable {
        /// - arrival: the kernel's time (SO_TIMESTAMPNS); nil where it gave none.
        /// - isCut: there was more than the buffer holds (MSG_TRUNC).
        case datagram(count: Int, arrival: Timestamp?, isCut: Bool)
        /// Nothing for now.
        case nothing
        /// An error came instead: ask `takeError` for what it was about.
        case failed(Errno)
    }

    /// socket(2), bind(2) where a local address or an interface is asked for, connect(2), which sends nothing.
    public init(connectedTo peer: Endpoint, from local: IPAddress? = nil, interface: String? = nil) throws(SocketError)
    {
        let family = AddressFamily(of: peer.address)
        let made = try Socket(family, .datagram)
        systemAskForTimestamps(made.descriptor)
        systemKeepQueuedErrors(made.descriptor, family)
        if let interface {
            let outcome = systemBindToInterface(made.descriptor, family, interface)
            guard outcome.succeeded else {
                throw SocketError("setsockopt SO_BINDTODEVICE", outcome.code, subject: interface)
            }
        }
        if let local {
            try made.bind(to: Endpoint(local, .any, scope: local.kind.category == .linkLocal ? peer.scope : 0))
        }
        try made.connect(to: peer)
        self.peer = peer
        self.family = family
        socket = made
    }

    /// The descriptor's number; it stays the socket's.
    public var descriptor: Int32 { socket.descriptor }

    /// getsockname(2).
    public func localEndpoint() throws(SocketError) -> Endpoint { try socket.localEndpoint() }

    /// How long `receive(waiting: true)` may block (SO_RCVTIMEO).
    public func setReceiveTimeout(_ time: Duration) throws(SocketError) { try socket.set(.receiveTimeout, time) }

    /// How long `send` may block (SO_SNDTIMEO): never for ever.
    public func setSendTimeout(_ time: Duration) throws(SocketError) { try socket.set(.sendTimeout, time) }

    /// Asks for a receive buffer of so many bytes; the system gives what it allows.
    public func enlargeReceiveBuffer(_ bytes: Int32) { try? socket.set(.receiveBuffer, bytes) }

    /// send(2). nil: sent; else why not. A refusal may be about an earlier datagram, and then this one was not sent.
    public func send(_ bytes: Span<UInt8>) -> Errno? {
        let outcome = systemSend(descriptor, bytes, 0)
        return outcome.succeeded ? nil : Errno(rawValue: outcome.code)
    }

    /// recvmsg(2).
    public func receive(into buffer: inout [UInt8], waiting: Bool) -> Arrival {
        var span = buffer.mutableSpan
        let message = systemReceiveMessage(descriptor, &span, waiting: waiting)
        if message.outcome.wouldBlock { return .nothing }
        guard message.outcome.succeeded else { return .failed(Errno(rawValue: message.outcome.code)) }
        return .datagram(count: message.outcome.value, arrival: message.arrival, isCut: message.isCut)
    }

    /// Takes the oldest error off the error queue, ip(7); the start of the datagram that it is about goes into the
    /// buffer. nil when there is none.
    public func takeError(into buffer: inout [UInt8]) -> DatagramError? {
        var span = buffer.mutableSpan
        return systemReceiveError(descriptor, &span)
    }

    /// Sets don't-fragment on what is sent from now on (IP_MTU_DISCOVER).
    public func forbidFragments() throws(SocketError) {
        let outcome = systemForbidFragments(descriptor, family)
        guard outcome.succeeded else { throw SocketError("setsockopt IP_MTU_DISCOVER", outcome.code) }
    }

    /// What the kernel knows of the path's MTU (IP_MTU): at first that of the interface. nil where it does not tell.
    public var pathMTU: Int? { systemPathMTU(descriptor, family) }
}
