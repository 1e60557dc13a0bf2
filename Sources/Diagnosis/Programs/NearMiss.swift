import Addressing
import Sockets
import Timeline

/// Nobody was found at a port, and somebody waits next to it: the same number with its bytes swapped, the same port of
/// the other transport, a socket that has not called listen() yet, a listener that came later or had gone.
enum NearMiss {
    static func findings(_ run: RunEvidence) -> [Finding] {
        run.failures.compactMap { failure in
            guard failure.elsewhere == nil, isMiss(failure), let wanted = wanted(failure, run),
                let hint = hint(failure.call, wanted, run)
            else { return nil }
            return Finding(
                .nearMiss, .failure, "\(failure.subject): \(failure.because); \(hint).", of: failure.call,
                packets: failure.packets)
        }
    }

    private static func isMiss(_ failure: CallFailure) -> Bool {
        switch failure.cause {
        case .refused, .notTold: true
        case .icmp(let error, _): error.effect.isPortUnreachable
        default: false
        }
    }

    private static func wanted(_ failure: CallFailure, _ run: RunEvidence) -> Endpoint? {
        if case .icmp(let error, _) = failure.cause, let quoted = error.quoted { return quoted.destination }
        return failure.call.peer?.onTheWire ?? run.ends(of: failure.call)?.peer
    }

    private static func hint(_ call: SocketCall, _ wanted: Endpoint, _ run: RunEvidence) -> Sentence? {
        let time = call.start
        for history in run.histories {
            guard let place = history.waitsAt, let opened = history.opened else { continue }
            let who: Sentence = "\(.program(history.end))"
            let isOpen = opened <= time && history.closed.map { $0 > time } ?? true
            if history.transport == call.transport {
                if place.port == wanted.port, SocketHistory.covers(place, wanted) {
                    if let hint = moment(history, place, call, who) { return hint }
                } else if isOpen, place.port.rawValue == wanted.port.rawValue.byteSwapped {
                    return
                        """
                        \(who) waits at \(.endpoint(place)), and \(.number(wanted.port.rawValue)) is \
                        \(.number(place.port.rawValue)) with its bytes swapped: htons() is missing, or was called twice
                        """
                }
            } else if isOpen, place.port == wanted.port, let own = kind(call.transport),
                let other = kind(history.transport)
            {
                return
                    """
                    at \(other.name) port \(.number(place.port.rawValue)) \(who) has a socket: SOCK_\(own.type) here, \
                    SOCK_\(other.type) there
                    """
            }
        }
        return nil
    }

    private static func kind(_ transport: SocketProtocol) -> (name: Sentence, type: Sentence)? {
        switch transport {
        case .tcp: ("TCP", "STREAM")
        case .udp: ("UDP", "DGRAM")
        default: nil
        }
    }

    /// Why a socket with the right address did not answer at that moment.
    private static func moment(
        _ history: SocketHistory, _ place: Endpoint, _ call: SocketCall, _ who: Sentence
    ) -> Sentence? {
        let asked = call.returned ?? call.start
        if let closed = history.closed, closed <= call.start {
            return "\(who) had closed its socket there \(.duration(call.start.nanoseconds(since: closed))) before"
        }
        let isStream = call.transport == .tcp
        let ready = history.calls.first { $0.name == (isStream ? .listen : .bind) && $0.result == .value(0) }
        guard let ready else {
            let isBound = history.calls.contains { $0.name == .bind && $0.result == .value(0) }
            return isStream && isBound
                ? "\(who) has bound a socket to \(.endpoint(place)), but never called listen()" : nil
        }
        let from = ready.returned ?? ready.start
        guard from > asked else { return nil }
        return
            """
            \(who) \(isStream ? "listens" : "waits") there only since \
            \(.duration(from.nanoseconds(since: asked))) later
            """
    }
}

extension Finding.Kind {
    /// Somebody waits next to where nobody was found.
    static let nearMiss: Self = "near_miss"
}
