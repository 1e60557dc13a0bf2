import Addressing
import Conversations
import Sockets
import Timeline

/// A client waits on a connection that its system has opened and that no program has accepted: what it sent lies in the
/// receive buffer of a connection that nobody holds.
enum Unaccepted {
    static func findings(_ run: RunEvidence) -> [Finding] {
        run.failures.filter(\.awaitsData).compactMap { finding($0, run) }
    }

    private static func finding(_ failure: CallFailure, _ run: RunEvidence) -> Finding? {
        let call = failure.call
        guard let (conversation, isClient) = run.connection(of: call), isClient,
            conversation.connection?.handshake.synACK != nil, let time = run.end(of: call),
            let listener = run.listener(at: conversation.server)
        else { return nil }
        let accepts = run.calls.filter { accepted in
            if case .accepted(_, let peer) = accepted.result { return peer.onTheWire == conversation.client }
            return false
        }
        // Accepted in time by anybody: a child may have inherited the listener.
        if accepts.contains(where: { $0.returned.map { $0 <= time } ?? false }) { return nil }
        let data = conversation.packets.filter { packet in
            packet.payloadLength > 0 && packet.source == conversation.client && packet.time <= time
        }
        let bytes = run.bytes(to: conversation.server, from: conversation.client, in: conversation, by: time).came
        let what: Sentence =
            data.isEmpty
            ? "its connection is open (\(syn(conversation))), but nobody has accepted it"
            : """
            \(.bytes(bytes)) of \(.packets(data.map(\.number))) arrived and lie in the receive buffer of a connection \
            that nobody has accepted
            """
        let sentence: Sentence =
            "\(failure.subject): \(what): \(reason(listener, conversation, at: time, accepts.first, run))."
        return Finding(
            .unaccepted, .failure, sentence, of: call, packets: data.map(\.number),
            calls: busy(listener, conversation, at: time, run).map { [$0.id] } ?? [])
    }

    private static func syn(_ conversation: Conversation) -> Sentence {
        let numbers = conversation.packets.prefix(3).map(\.number)
        return "\(.packets(numbers))"
    }

    /// What the listener's process does instead: it stands in a call on another connection.
    private static func busy(
        _ listener: SocketHistory, _ conversation: Conversation, at time: Timestamp, _ run: RunEvidence
    ) -> SocketCall? {
        let process = listener.end.process
        guard let call = run.call(of: process, at: time) ?? run.call(of: process, at: midway(conversation, time)),
            !call.name.accepts, let ends = run.ends(of: call), ends.own != conversation.client,
            ends.peer != conversation.client
        else { return nil }
        return call
    }

    /// Halfway between the opening of a connection and a moment.
    private static func midway(_ conversation: Conversation, _ time: Timestamp) -> Timestamp {
        conversation.firstTime.advanced(byNanoseconds: time.nanoseconds(since: conversation.firstTime) / 2)
    }

    private static func reason(
        _ listener: SocketHistory, _ conversation: Conversation, at time: Timestamp, _ later: SocketCall?,
        _ run: RunEvidence
    ) -> Sentence {
        let place: Sentence = "\(.program(listener.end)), which listens at \(.endpoint(conversation.server)),"
        if let busy = busy(listener, conversation, at: time, run), let ends = run.ends(of: busy) {
            return
                """
                \(place) stood in \(.call(busy)) for \(.endpoint(ends.peer)) and so could not call accept(): it serves \
                one client at a time
                """
        }
        if let returned = later?.returned {
            return "\(place) accepted it only \(.duration(returned.nanoseconds(since: time))) later"
        }
        let hasAccepted = run.calls.contains { call in
            guard call.name.accepts, call.start <= time, let local = call.local?.onTheWire else { return false }
            return SocketHistory.covers(local, conversation.server)
        }
        return hasAccepted ? "\(place) had not called accept() again" : "\(place) never called accept()"
    }
}

extension Finding.Kind {
    /// A connection that nobody has accepted.
    static let unaccepted: Self = "unaccepted"
}
