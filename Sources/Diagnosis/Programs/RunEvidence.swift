import Addressing
import Conversations
import Sockets
import Timeline

/// All that was seen of a run, and what detectors ask of it: which connection a call was made on, what had come and
/// what of it was read, what somebody did at a moment.
struct RunEvidence {
    let calls: [SocketCall]
    let packets: [ObservedPacket]
    let failures: [CallFailure]
    let ended: [SocketCall.End: Timestamp]
    let conversations: [Conversation]
    let histories: [SocketHistory]
    let placements: [CallSegmentAligner.Placement]
    private var historyOfCall: [Int: Int] = [:]

    init(_ run: RunDiagnosis) {
        calls = run.calls.sorted { $0.id < $1.id }
        (packets, failures, ended, conversations) = (run.packets, run.failures, run.ended, run.conversations)
        histories = SocketHistory.all(of: calls)
        placements = CallSegmentAligner.place(calls, on: packets)
        for (index, history) in histories.enumerated() {
            for call in history.calls { historyOfCall[call.id] = index }
        }
    }

    func history(of call: SocketCall) -> SocketHistory? { historyOfCall[call.id].map { histories[$0] } }

    /// The ends of the connection that a call was made on, its own first; nil where they are not known.
    func ends(of call: SocketCall) -> (own: Endpoint, peer: Endpoint)? {
        let history = history(of: call)
        let earlier = history?.calls.last { $0.id <= call.id && $0.local != nil && $0.peer != nil }
        guard let own = (call.local ?? earlier?.local ?? history?.ends.local)?.onTheWire,
            let peer = (call.peer ?? earlier?.peer ?? history?.ends.peer)?.onTheWire
        else { return nil }
        return (own, peer)
    }

    /// The TCP connection that a call was made on, and whether its program is the client's end.
    func connection(of call: SocketCall) -> (conversation: Conversation, isClient: Bool)? {
        guard call.transport == .tcp, let ends = ends(of: call) else { return nil }
        let found = conversations.last { conversation in
            conversation.transport == .tcp && conversation.firstTime <= (call.returned ?? call.start)
                && (conversation.client == ends.own && conversation.server == ends.peer
                    || conversation.client == ends.peer && conversation.server == ends.own)
        }
        return found.map { ($0, $0.client == ends.own) }
    }

    /// Until when a call waited: until it returned, or its program was ended.
    func end(of call: SocketCall) -> Timestamp? {
        [call.returned, ended[call.end.program]].compactMap(\.self).min()
    }

    /// The calls on a connection at one of its ends.
    func calls(at own: Endpoint, towards peer: Endpoint) -> [SocketCall] {
        histories.flatMap { history -> [SocketCall] in
            guard let local = history.ends.local, history.ends.peer == peer, SocketHistory.covers(local, own) else {
                return []
            }
            return history.calls
        }
    }

    /// How many bytes of a connection had come to one of its ends by a moment, and how many its programs had taken.
    func bytes(to own: Endpoint, from peer: Endpoint, in conversation: Conversation, by time: Timestamp)
        -> (came: Int, taken: Int)
    {
        let initial = (conversation.server == peer ? conversation.connection?.server : conversation.connection?.client)?
            .initialSequence
        var came = 0
        for packet in conversation.packets where packet.source == peer && packet.time <= time {
            guard packet.payloadLength > 0, let tcp = packet.tcp, let initial else { continue }
            came = max(came, Int(tcp.sequence.relative(to: initial)) - 1 + packet.payloadLength)
        }
        let taken = calls(at: own, towards: peer).reduce(0) { sum, call in
            guard case .received(let count, _) = call.result, !call.has("MSG_PEEK"),
                call.returned.map({ $0 <= time }) ?? false
            else { return sum }
            return sum + count
        }
        return (came, taken)
    }

    /// Who listens where packets to an endpoint come, from then on or before.
    func listener(at place: Endpoint) -> SocketHistory? {
        histories.first { history in
            history.transport == .tcp && history.calls.contains { $0.name == .listen && $0.result == .value(0) }
                && history.waitsAt.map { SocketHistory.covers($0, place) } ?? false
        }
    }

    /// The call in which a process stood at a moment; nil where it was in none.
    func call(of process: SocketCall.End, at time: Timestamp) -> SocketCall? {
        calls.last { call in
            call.end.process == process && call.start <= time && call.returned.map { $0 >= time } ?? true
        }
    }
}
