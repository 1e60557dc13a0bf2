import Addressing
import Conversations
import Sockets
import Timeline

/// Reasons that lie beside a call's own packets: who listens elsewhere, whose queue is full, which host is not there.
extension CallFailureFinder {
    /// A listener of the runs' own programs on the port that a call wanted, at another address.
    func listenerElsewhere(_ cause: CallFailure.Cause, _ call: SocketCall, _ pair: Pair?) -> CallFailure.Listener? {
        switch cause {
        case .refused: break
        case .icmp(let error, _) where error.effect.isPortUnreachable: break
        default: return nil
        }
        guard let wanted = pair?.destination ?? call.peer?.onTheWire else { return nil }
        for history in histories where history.transport == call.transport && history.end.process != call.end.process {
            guard let place = history.waitsAt, place.port == wanted.port, !Self.takes(wanted, history, at: place),
                isOpen(history, at: call.start)
            else { continue }
            return CallFailure.Listener(end: history.end, address: place, wanted: wanted.address)
        }
        return nil
    }

    /// Whether a socket that waits at a place takes what comes to an address. One at every IPv6 address takes IPv4,
    /// too, unless its program said that it does not (IPV6_V6ONLY, RFC 3493 section 5.3).
    private static func takes(_ wanted: Endpoint, _ history: SocketHistory, at place: Endpoint) -> Bool {
        if case (.v6, .v4) = (place.address, wanted.address), history.isIPv6Only { return false }
        return SocketHistory.covers(place, wanted)
    }

    private func isOpen(_ history: SocketHistory, at time: Timestamp) -> Bool {
        guard let opened = history.opened, opened <= time else { return false }
        if let end = ended[history.end.program], end <= time { return false }
        return history.closed.map { $0 > time } ?? true
    }

    /// The listener that a SYN came to while as many connections waited for accept() as its queue has places: then
    /// Linux drops SYNs without a word. It has one place more than listen() asked for.
    func fullQueue(_ sent: [Int], _ call: SocketCall, _ pair: Pair?) -> CallFailure.Queue? {
        guard let pair, call.transport == .tcp, let first = sent.first,
            let syn = path(pair, until: nil).first(where: { $0.number == first }), syn.isOpening,
            deliveries.reached(syn, by: nil)
        else { return nil }
        for history in histories where history.transport == .tcp {
            guard
                let listen = history.calls.last(where: {
                    $0.name == .listen && $0.result == .value(0) && $0.start <= syn.time
                }),
                let place = history.waitsAt, SocketHistory.covers(place, pair.destination),
                isOpen(history, at: syn.time),
                case .number(let backlog)? = listen.arguments.first
            else { continue }
            // Whoever inherited the listener accepts from the same queue.
            let accepted = histories.lazy.flatMap(\.calls).count { call in
                guard case .accepted = call.result, let local = call.local?.onTheWire ?? history.waitsAt else {
                    return false
                }
                return call.descriptor != nil && local.port == place.port
                    && call.returned.map { $0 <= syn.time } ?? false
            }
            let waiting = opened(at: listen, until: syn.time).count - accepted
            if waiting > max(0, backlog) {
                return CallFailure.Queue(end: history.end, backlog: backlog, waiting: waiting)
            }
        }
        return nil
    }

    /// Questions for the peer's hardware address while the call ran, none of which was answered.
    func missingNeighbour(_ call: SocketCall, _ pair: Pair?) -> CallFailure.Cause? {
        guard let peer = pair?.destination.address ?? call.peer?.onTheWire.address else { return nil }
        let about = neighbours.filter { $0.target == peer && (call.returned ?? $0.time) >= $0.time }
        if about.contains(where: \.isAnswer) { return nil }
        // A datagram's question is asked while send() has long returned.
        let since = history(of: call)?.calls.first?.start ?? call.start
        let asked = about.filter { $0.time >= since }
        return asked.isEmpty ? nil : .noNeighbour(peer, queries: asked.map(\.packet))
    }
}
