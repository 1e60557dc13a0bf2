import Addressing
import Platform
import Synchronization

/// A socket whose every call is noted by a `CallRecorder`; otherwise as `Socket`. The calls are those of
/// `BerkeleySocket`. The implicit close when the owner goes away is recorded, too: it sends a FIN all the same.
public struct RecordedSocket: ~Copyable, BerkeleySocket {
    private struct State {
        var isOpen = true
        var local: Endpoint?
        var peer: Endpoint?
        /// The address from which the last peer is reached, for a datagram socket that is bound to every address.
        var route: (peer: IPAddress, source: IPAddress)?
    }

    /// The descriptor's number.
    public let descriptor: Int32
    private let end: SocketCall.End
    private let transport: SocketProtocol
    private let recorder: CallRecorder
    private let state: Mutex<State>

    init(_ family: AddressFamily, _ kind: SocketKind, _ end: SocketCall.End, _ recorder: CallRecorder)
        throws(SocketError)
    {
        let request = CallRequest(.socket, .two(.symbol(family.text), .symbol(kind.text)))
        let outcome = recorder.record(
            request, descriptor: nil, end: end, transport: kind.transport(in: family), endpoints: { _ in (nil, nil) }
        ) { systemSocket(family.number, kind.number) }
        guard outcome.succeeded else { throw SocketError(.socket, outcome.code, subject: family.text) }
        self.init(Int32(truncatingIfNeeded: outcome.value), end, kind.transport(in: family), recorder, State())
    }

    /// SOCK_RAW.
    init(_ family: AddressFamily, _ kind: RawProtocol, _ end: SocketCall.End, _ recorder: CallRecorder)
        throws(SocketError)
    {
        let request = CallRequest(
            .socket, .list([.symbol(family.text), .symbol("SOCK_RAW"), .symbol(kind.text)]))
        let outcome = recorder.record(
            request, descriptor: nil, end: end, transport: .raw, endpoints: { _ in (nil, nil) }
        ) {
            systemSocket(family.number, SocketKind.rawNumber, kind.number)
        }
        guard outcome.succeeded else { throw SocketError(.socket, outcome.code, subject: "SOCK_RAW") }
        self.init(Int32(truncatingIfNeeded: outcome.value), end, .raw, recorder, State())
    }

    private init(
        _ descriptor: Int32, _ end: SocketCall.End, _ transport: SocketProtocol, _ recorder: CallRecorder,
        _ state: State
    ) {
        self.descriptor = descriptor
        self.end = end
        self.transport = transport
        self.recorder = recorder
        self.state = Mutex(state)
    }

    deinit {
        if state.withLock({ $0.isOpen }) {
            let number = descriptor
            _ = perform(CallRequest(.close, .none)) { systemClose(number) }
        }
    }

    /// Makes the call and notes it with its times.
    public func perform(_ request: CallRequest, _ body: () -> CallOutcome) -> CallOutcome {
        recorder.record(
            request, descriptor: descriptor, end: end, transport: transport,
            endpoints: { endpoints(of: request, after: $0) }, body)
    }

    /// The recorded socket of a connection that `accept` gave.
    public func adopt(_ descriptor: Int32, peer: Endpoint) -> RecordedSocket {
        RecordedSocket(
            descriptor, end, transport, recorder, State(local: systemLocalEndpoint(descriptor).address, peer: peer))
    }

    /// Both ends as the recorded calls have shown them.
    public func knownEndpoints() -> (local: Endpoint?, peer: Endpoint?) { state.withLock { ($0.local, $0.peer) } }

    /// Gives the descriptor away unclosed; its calls are not seen any more.
    public consuming func release() -> Int32 {
        state.withLock { $0.isOpen = false }
        return descriptor
    }

    /// The pair that ties a call to its packets, asking the system (unrecorded) where a call has just changed it.
    private func endpoints(of request: CallRequest, after outcome: CallOutcome?) -> (local: Endpoint?, peer: Endpoint?)
    {
        state.withLock { state in
            if let outcome { update(&state, request, outcome) }
            let peer = request.peer ?? (request.name == .recvfrom ? outcome?.address : nil) ?? state.peer
            guard let local = state.local, local.address.isUnspecified, transport == .udp, let peer, outcome != nil
            else {
                return (state.local, peer)
            }
            if state.route?.peer != peer.address {
                state.route = systemSourceAddress(toward: peer).map { (peer.address, $0) }
            }
            return (Endpoint(state.route?.source ?? local.address, local.port), peer)
        }
    }

    private func update(_ state: inout State, _ request: CallRequest, _ outcome: CallOutcome) {
        switch request.name {
        case .bind where outcome.succeeded, .listen where outcome.succeeded:
            state.local = systemLocalEndpoint(descriptor).address
        case .connect where outcome.succeeded || outcome.wouldBlock:
            state.local = systemLocalEndpoint(descriptor).address
            state.peer = request.peer
        case .connect where state.local == nil || state.local?.address.isUnspecified == true:
            // The address is gone again, but Linux still tells the port from which the attempt was made.
            state.local = systemLocalEndpoint(descriptor).address.flatMap { $0.port == .any ? nil : $0 }
        case .sendto where outcome.succeeded && state.local == nil:
            state.local = systemLocalEndpoint(descriptor).address
        default:
            break
        }
    }
}
