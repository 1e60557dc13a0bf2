import Addressing
import Conversations
import Sockets
import Timeline

/// Who has the address that a bind(), listen() or connect() could not get.
extension CallFailureFinder {
    func holder(of call: SocketCall) -> CallFailure.Holder {
        guard let wanted = wanted(by: call) else { return .unseen }
        return openSocket(on: wanted, besides: call) ?? connection(on: wanted, at: call.start) ?? .unseen
    }

    /// The address that the call asked for: bind()'s argument, else what its socket is bound to.
    private func wanted(by call: SocketCall) -> Endpoint? {
        if call.name == .bind, case .address(let asked)? = call.arguments.first { return asked }
        return call.local ?? history(of: call)?.calls.last { $0.id < call.id && $0.local != nil }?.local
    }

    private func openSocket(on wanted: Endpoint, besides call: SocketCall) -> CallFailure.Holder? {
        let own = history(of: call)?.calls.first?.id
        for history in histories.reversed() where history.transport == call.transport && history.calls.first?.id != own
        {
            let earlier = history.calls.filter { $0.id < call.id }
            let isClosed = earlier.contains { $0.name == .close && $0.result == .value(0) }
            guard !isClosed, earlier.contains(where: { Self.uses($0, wanted) }) else { continue }
            let listens = earlier.contains { $0.name == .listen && $0.result == .value(0) }
            return listens ? .listener(history.end) : .socket(history.end)
        }
        return nil
    }

    private static func uses(_ call: SocketCall, _ wanted: Endpoint) -> Bool {
        guard let local = call.local else { return false }
        if case .failed = call.result { return false }
        return overlap(local, wanted)
    }

    /// Whether two local addresses cannot be bound both: the same port, and one of them is every address or they are
    /// equal.
    private static func overlap(_ a: Endpoint, _ b: Endpoint) -> Bool {
        SocketHistory.covers(a, b) || SocketHistory.covers(b, a)
    }

    /// A connection that still has the port at that moment: its segments until then tell its state.
    private func connection(on wanted: Endpoint, at time: Timestamp) -> CallFailure.Holder? {
        let before = packets.filter {
            $0.time <= time && $0.tcp != nil
                && (Self.overlap($0.source, wanted) || Self.overlap($0.destination, wanted))
        }
        for conversation in Conversation.all(in: before).reversed() {
            guard let connection = conversation.connection else { continue }
            for (end, other) in [(connection.server, connection.client), (connection.client, connection.server)] {
                guard Self.overlap(end.endpoint, wanted) else { continue }
                switch end.state {
                case .closed, .listen, nil: continue
                case .timeWait:
                    guard let fin = end.finPacket else { continue }
                    return .timeWait(local: end.endpoint, peer: other.endpoint, fin: fin)
                case let state?: return .connection(local: end.endpoint, peer: other.endpoint, state: state)
                }
            }
        }
        return nil
    }
}
