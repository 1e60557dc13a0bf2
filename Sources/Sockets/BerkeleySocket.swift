import Addressing
import Platform
import SystemPackage

/// The calls of the Berkeley socket interface on one descriptor, each a thin wrapper of the C function it names.
///
/// There are two kinds: `Socket` makes the calls, `RecordedSocket` makes them and notes each with its times. Code that
/// is written for `some BerkeleySocket` reads like the course's programs and runs on both. All calls go through
/// `perform`, so a kind of socket is a few lines and the calls are written once, here.
///
/// Every failure is a `SocketError`. A call that was interrupted by a signal is made again (see `SystemCalls.swift`).
public protocol BerkeleySocket: ~Copyable, Sendable {
    /// The descriptor's number. It stays the socket's: do not close it.
    var descriptor: Int32 { get }

    /// Makes one call; a kind of socket that observes calls does it here. `body` does nothing but the system call.
    func perform(_ request: CallRequest, _ body: () -> CallOutcome) -> CallOutcome

    /// A socket of the same kind around a descriptor that `accept` gave.
    func adopt(_ descriptor: Int32, peer: Endpoint) -> Self

    /// Both ends as far as they are known, for the text of an error; not one of the recorded calls.
    func knownEndpoints() -> (local: Endpoint?, peer: Endpoint?)

    /// Gives the descriptor away unclosed.
    consuming func release() -> Int32
}

/// What `accept` gives: the new socket and who is at its other end.
@frozen
public struct Accepted<Connection: BerkeleySocket & ~Copyable>: ~Copyable {
    /// The new socket.
    public let socket: Connection
    /// Who is at its other end.
    public let peer: Endpoint
}

/// How far a call came that moves bytes.
public enum Transfer: Hashable, Sendable {
    /// So many bytes were taken or given. 0 received from a stream: the peer has ended it (FIN).
    case bytes(Int)
    /// Nothing for now: the socket does not block, or SO_RCVTIMEO or SO_SNDTIMEO is over.
    case wouldBlock
}

/// How far `connect` came.
public enum Connecting: Hashable, Sendable {
    case connected
    /// The handshake goes on: the socket does not block, or SO_SNDTIMEO is over. Wait until it can be written to, then
    /// read `SocketOption.pendingError`.
    case inProgress
}

extension BerkeleySocket where Self: ~Copyable {
    /// bind(2): gives the socket its local address. Port 0 takes any free one; `localEndpoint` says which.
    public func bind(to local: Endpoint) throws(SocketError) {
        let address = SocketAddress(local)
        let outcome = perform(CallRequest(.bind, .one(.address(local)))) { systemBind(descriptor, address) }
        guard outcome.succeeded else { throw SocketError(.bind, outcome.code, local: local) }
    }

    /// listen(2): lets the system accept connections; up to about `backlog` of them wait for `accept`.
    public func listen(backlog: Int32) throws(SocketError) {
        let outcome = perform(CallRequest(.listen, .one(.number(Int(backlog))))) { systemListen(descriptor, backlog) }
        guard outcome.succeeded else { throw failure(.listen, outcome) }
    }

    /// accept(2): takes the next connection, whose handshake the system has already made; blocks until there is one.
    public func accept() throws(SocketError) -> Accepted<Self> {
        guard let accepted = try acceptIfReady() else {
            throw SocketError(.accept, Errno.wouldBlock.rawValue, local: knownEndpoints().local)
        }
        return accepted
    }

    /// accept(2) on a socket that does not block or has a timeout: nil when nobody is waiting.
    public func acceptIfReady() throws(SocketError) -> Accepted<Self>? {
        let outcome = perform(CallRequest(.accept, .none)) { systemAccept(descriptor) }
        if outcome.wouldBlock { return nil }
        guard outcome.succeeded else { throw failure(.accept, outcome) }
        let accepted = Int32(truncatingIfNeeded: outcome.value)
        // BSD gives no address when the peer is gone again by now; the pair is then only half known.
        let peer = outcome.address ?? Endpoint(.v4(.any), .any)
        return Accepted(socket: adopt(accepted, peer: peer), peer: peer)
    }

    /// connect(2): TCP's three-way handshake, blocking until it is over. For UDP it only fixes the peer; no packet is
    /// sent.
    @discardableResult
    public func connect(to peer: Endpoint) throws(SocketError) -> Connecting {
        let address = SocketAddress(peer)
        let outcome = perform(CallRequest(.connect, .one(.address(peer)), peer: peer)) {
            systemConnect(descriptor, address)
        }
        if outcome.wouldBlock { return .inProgress }
        guard outcome.succeeded else { throw SocketError(.connect, outcome.code, peer: peer) }
        return .connected
    }

    /// send(2): hands bytes to the system, which sends them when it may. Fewer than given may be taken.
    public func send(_ bytes: Span<UInt8>, _ flags: MessageFlags = []) throws(SocketError) -> Transfer {
        let outcome = perform(CallRequest(.send, flags.arguments(after: bytes.count))) {
            systemSend(descriptor, bytes, flags.rawValue)
        }
        if outcome.wouldBlock { return .wouldBlock }
        guard outcome.succeeded else { throw failure(.send, outcome, byteCount: bytes.count) }
        return .bytes(outcome.value)
    }

    /// Python's `sendall`: send(2) as often as it takes. For blocking sockets: "would block" is an error here.
    public func sendAll(_ bytes: [UInt8]) throws(SocketError) {
        var rest = bytes[...]
        repeat {
            switch try send(rest.span) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock: throw failure(.send, CallOutcome(value: -1, code: Errno.wouldBlock.rawValue))
            }
        } while !rest.isEmpty
    }

    /// recv(2): takes what has arrived, at most the buffer's size; blocks until there is something. The bytes stand at
    /// the buffer's start.
    public func recv(into buffer: inout MutableSpan<UInt8>) throws(SocketError) -> Transfer {
        let outcome = perform(CallRequest(.recv, .one(.number(buffer.count)))) { systemReceive(descriptor, &buffer) }
        if outcome.wouldBlock { return .wouldBlock }
        guard outcome.succeeded else { throw failure(.recv, outcome) }
        return .bytes(outcome.value)
    }

    /// recv(2) as Python has it: at most `count` bytes; none when the peer has ended the stream. For blocking sockets:
    /// "would block" (SO_RCVTIMEO is over) is an error here.
    public func recv(_ count: Int) throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: max(0, count))
        var span = buffer.mutableSpan
        guard case .bytes(let received) = try recv(into: &span) else {
            throw failure(.recv, CallOutcome(value: -1, code: Errno.wouldBlock.rawValue))
        }
        buffer.removeLast(buffer.count - min(received, buffer.count))
        return buffer
    }

    /// sendto(2): sends one datagram.
    @discardableResult
    public func sendto(_ bytes: Span<UInt8>, _ peer: Endpoint) throws(SocketError) -> Transfer {
        let address = SocketAddress(peer)
        let request = CallRequest(.sendto, .two(.bytes(bytes.count), .address(peer)), peer: peer)
        let outcome = perform(request) { systemSendTo(descriptor, bytes, address) }
        if outcome.wouldBlock { return .wouldBlock }
        guard outcome.succeeded else { throw SocketError(.sendto, outcome.code, peer: peer, byteCount: bytes.count) }
        return .bytes(outcome.value)
    }

    /// recvfrom(2): takes one datagram and says whose it is; what does not fit into the buffer is lost.
    public func recvfrom(into buffer: inout MutableSpan<UInt8>) throws(SocketError) -> (
        transfer: Transfer, peer: Endpoint?
    ) {
        let outcome = perform(CallRequest(.recvfrom, .one(.number(buffer.count)))) {
            systemReceiveFrom(descriptor, &buffer)
        }
        if outcome.wouldBlock { return (.wouldBlock, nil) }
        guard outcome.succeeded else { throw failure(.recvfrom, outcome) }
        return (.bytes(outcome.value), outcome.address)
    }

    /// recvfrom(2) as Python has it. The peer is nil only if the socket was shut down. For blocking sockets: "would
    /// block" (SO_RCVTIMEO is over) is an error here.
    public func recvfrom(_ count: Int) throws(SocketError) -> (bytes: [UInt8], peer: Endpoint?) {
        var buffer = [UInt8](repeating: 0, count: max(0, count))
        var span = buffer.mutableSpan
        let (transfer, peer) = try recvfrom(into: &span)
        guard case .bytes(let received) = transfer else {
            throw failure(.recvfrom, CallOutcome(value: -1, code: Errno.wouldBlock.rawValue))
        }
        buffer.removeLast(buffer.count - min(received, buffer.count))
        return (buffer, peer)
    }

    /// shutdown(2): ends one direction or both, the descriptor stays.
    public func shutdown(_ direction: ShutdownDirection) throws(SocketError) {
        let outcome = perform(CallRequest(.shutdown, .one(.symbol(direction.text)))) {
            systemShutdown(descriptor, direction.number)
        }
        guard outcome.succeeded else { throw failure(.shutdown, outcome) }
    }

    /// close(2): gives the descriptor back; TCP says FIN, or RST if there is data that nobody read.
    public consuming func close() throws(SocketError) {
        let number = descriptor
        let outcome = perform(CallRequest(.close, .none)) { systemClose(number) }
        _ = release()
        guard outcome.succeeded else { throw SocketError(.close, outcome.code) }
    }

    /// getsockname(2): the socket's own address and port.
    public func localEndpoint() throws(SocketError) -> Endpoint {
        let outcome = perform(CallRequest(.getsockname, .none)) { systemLocalEndpoint(descriptor) }
        guard let endpoint = outcome.address else { throw failure(.getsockname, outcome) }
        return endpoint
    }

    /// getpeername(2): the address and port of the other end.
    public func peerEndpoint() throws(SocketError) -> Endpoint {
        let outcome = perform(CallRequest(.getpeername, .none)) { systemPeerEndpoint(descriptor) }
        guard let endpoint = outcome.address else { throw failure(.getpeername, outcome) }
        return endpoint
    }

    /// setsockopt(2).
    public func set<Value>(_ option: SocketOption<Value>, _ value: Value) throws(SocketError) {
        let request = CallRequest.option(.setsockopt, option.levelText, option.text, value.argument)
        let outcome = perform(request) { systemSetOption(descriptor, option.level, option.number, value.form) }
        guard outcome.succeeded else { throw failure(.setsockopt, outcome, subject: option.text) }
    }

    /// getsockopt(2).
    public func get<Value>(_ option: SocketOption<Value>) throws(SocketError) -> Value {
        var form = Value.emptyForm
        let request = CallRequest.option(.getsockopt, option.levelText, option.text)
        let outcome = perform(request) { systemGetOption(descriptor, option.level, option.number, &form) }
        guard outcome.succeeded, let value = Value(form: form) else {
            throw failure(.getsockopt, outcome, subject: option.text)
        }
        return value
    }

    /// An error that names both ends. A call that succeeded and yet gave no address of a known family is EAFNOSUPPORT.
    private func failure(_ name: SocketCall.Name, _ outcome: CallOutcome, byteCount: Int? = nil, subject: String? = nil)
        -> SocketError
    {
        let (local, peer) = knownEndpoints()
        let code = outcome.succeeded ? Errno.addressFamilyNotSupported.rawValue : outcome.code
        return SocketError(name, code, local: local, peer: peer, byteCount: byteCount, subject: subject)
    }
}
