import Addressing
import Platform
import SystemPackage

/// The calls of an event loop on connections that never block: by the descriptor's number, so that thousands of them
/// can stand in an array (whoever accepts one closes it), and recorded where somebody wants to see them.
public struct EventCalls: Sendable {
    private let recorder: CallRecorder?
    private let transport: SocketProtocol

    /// - Parameters:
    ///   - recorder: notes each call; nil: nobody wants to see them.
    ///   - transport: what the recorded calls are said to belong to.
    public init(recorder: CallRecorder? = nil, transport: SocketProtocol = .tcp) {
        self.recorder = recorder
        self.transport = transport
    }

    /// How far a call came.
    public enum Step: Hashable, Sendable {
        /// So many bytes were taken or given.
        case bytes(Int)
        /// Nothing for now.
        case wouldBlock
        /// The call failed.
        case failed(Errno)
    }

    /// What accept gave.
    public enum Acceptance: Hashable, Sendable {
        /// A connection that does not block; no peer: AF_UNIX.
        case connection(Int32, Endpoint?)
        /// Nobody waits.
        case nobody
        /// This one went away while it waited: the next may be there.
        case gone
        /// There is no descriptor or memory left: those who wait go on waiting.
        case exhausted(Errno)
        /// The listener itself has an error.
        case failed(Errno)
    }

    /// fcntl(2) O_NONBLOCK.
    public static func setNonblocking(_ descriptor: Int32) { systemSetNonblocking(descriptor) }

    /// accept4(2) with SOCK_NONBLOCK.
    public func accept(_ listener: Int32, local: Endpoint?) -> Acceptance {
        let outcome = call(CallRequest(.accept, .none), listener, local, nil) {
            systemAcceptNonblocking(listener)
        }
        if outcome.succeeded { return .connection(Int32(truncatingIfNeeded: outcome.value), outcome.address) }
        if outcome.wouldBlock { return .nobody }
        let code = Errno(rawValue: outcome.code)
        switch code {
        // accept(2): errors of the new connection, not of the listener; to be treated like EAGAIN, which is to try
        // again.
        case .connectionAbort, .protocolError, .networkDown, .networkUnreachable, .noRouteToHost, .hostIsDown,
            .protocolNotAvailable, .notSupportedOnSocket, .timedOut:
            return .gone
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory: return .exhausted(code)
        default: return .failed(code)
        }
    }

    /// recv(2) into the buffer's start; 0 bytes is the end of the stream.
    public func receive(_ descriptor: Int32, into buffer: inout [UInt8], peer: Endpoint?) -> Step {
        step(
            call(CallRequest(.recv, .one(.number(buffer.count))), descriptor, nil, peer) {
                var span = buffer.mutableSpan
                return systemReceive(descriptor, &span)
            })
    }

    /// send(2). Fewer than given may be taken.
    public func send(_ descriptor: Int32, _ bytes: Span<UInt8>, peer: Endpoint?) -> Step {
        if recorder == nil { return step(systemSend(descriptor, bytes, 0)) }
        return step(
            call(CallRequest(.send, .one(.bytes(bytes.count))), descriptor, nil, peer) {
                systemSend(descriptor, bytes, 0)
            })
    }

    /// recvfrom(2); nil when there is nothing, or an error that belongs to an earlier datagram.
    public func receiveFrom(_ descriptor: Int32, into buffer: inout [UInt8], local: Endpoint?) -> (
        count: Int, sender: Endpoint
    )? {
        let outcome = call(CallRequest(.recvfrom, .one(.number(buffer.count))), descriptor, local, nil) {
            var span = buffer.mutableSpan
            return systemReceiveFrom(descriptor, &span)
        }
        guard outcome.succeeded, let sender = outcome.address else { return nil }
        return (outcome.value, sender)
    }

    /// sendto(2).
    public func sendTo(_ descriptor: Int32, _ bytes: Span<UInt8>, _ peer: Endpoint, local: Endpoint?) -> Step {
        step(
            call(CallRequest(.sendto, .two(.bytes(bytes.count), .address(peer)), peer: peer), descriptor, local, peer) {
                systemSendTo(descriptor, bytes, SocketAddress(peer))
            })
    }

    /// sendfile(2): from the file to the socket without a copy here. ENOTSUP or EINVAL: read it and send it.
    public func sendFile(_ descriptor: Int32, _ file: OpenFile, offset: Int64, count: Int, peer: Endpoint?) -> Step {
        let request = CallRequest(
            "sendfile", .list([.number(Int(file.descriptor)), .number(Int(offset)), .bytes(count)]))
        return step(
            call(request, descriptor, nil, peer) {
                systemSendFile(descriptor, file, offset: offset, count: count)
            })
    }

    /// setsockopt(2); what an option is refused for is not worth a connection.
    public func set<Value>(_ descriptor: Int32, _ option: SocketOption<Value>, _ value: Value, peer: Endpoint?) {
        let request = CallRequest.option(.setsockopt, option.levelText, option.text, value.argument)
        _ = call(request, descriptor, nil, peer) {
            systemSetOption(descriptor, option.level, option.number, value.form)
        }
    }

    /// The error that waits on a socket: getsockopt(2) of SO_ERROR. nil: none.
    public func pendingError(_ descriptor: Int32) -> Errno? { systemPendingError(descriptor) }

    /// shutdown(2) of the sending direction: FIN.
    public func finish(_ descriptor: Int32, peer: Endpoint?) {
        _ = call(CallRequest(.shutdown, .one(.symbol(ShutdownDirection.sending.text))), descriptor, nil, peer) {
            systemShutdown(descriptor, ShutdownDirection.sending.number)
        }
    }

    /// close(2).
    public func close(_ descriptor: Int32, peer: Endpoint?) {
        _ = call(CallRequest(.close, .none), descriptor, nil, peer) { systemClose(descriptor) }
    }

    private func step(_ outcome: CallOutcome) -> Step {
        if outcome.succeeded { return .bytes(outcome.value) }
        return outcome.wouldBlock ? .wouldBlock : .failed(Errno(rawValue: outcome.code))
    }

    @inline(__always)
    private func call(
        _ request: @autoclosure () -> CallRequest, _ descriptor: Int32, _ local: Endpoint?, _ peer: Endpoint?,
        _ body: () -> CallOutcome
    ) -> CallOutcome {
        guard let recorder else { return body() }
        let own = local ?? systemLocalEndpoint(descriptor).address
        return recorder.record(
            request(), descriptor: descriptor, end: .server, transport: transport,
            endpoints: { (own, peer ?? $0?.address) }, body)
    }
}
