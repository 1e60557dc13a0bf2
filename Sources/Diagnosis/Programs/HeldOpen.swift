import Addressing
import Conversations
import Sockets
import Timeline

/// Somebody waits for an end of stream that does not come, because another process than the one that served the
/// connection still holds a descriptor of it: a FIN leaves when the last one is closed (close(2)).
enum HeldOpen {
    static func findings(_ run: RunEvidence) -> [Finding] {
        run.failures.filter(\.awaitsData).compactMap { finding($0, run) }
    }

    private static func finding(_ failure: CallFailure, _ run: RunEvidence) -> Finding? {
        guard let (conversation, isClient) = run.connection(of: failure.call), let time = run.end(of: failure.call)
        else { return nil }
        let (own, peer) =
            isClient
            ? (conversation.client, conversation.server) : (conversation.server, conversation.client)
        let hasEnd = conversation.packets.contains { packet in
            packet.source == peer && packet.time <= time
                && !(packet.tcp?.flags.isDisjoint(with: [.fin, .rst]) ?? true)
        }
        if hasEnd { return nil }
        // Whoever accepted or connected holds a descriptor until it closes that.
        let theirs = run.histories.filter { history in
            history.ends.peer == own && history.ends.local.map { SocketHistory.covers($0, peer) } ?? false
        }
        let processes = Set(theirs.map(\.end.process))
        guard processes.count > 1 else { return nil }
        let holders = run.calls.filter { call in
            guard case .accepted(_, let from) = call.result else { return false }
            return from.onTheWire == own && call.returned.map { $0 <= time } ?? false
        }
        guard let accepted = holders.first, case .accepted(let descriptor, _) = accepted.result else { return nil }
        let process = accepted.end.process
        let closed = run.calls.contains { call in
            call.name == .close && call.descriptor == descriptor && call.end.process == process
                && call.id > accepted.id && call.start <= time
        }
        let last = theirs.flatMap(\.calls).filter { $0.end.process != process && $0.name.sends }.last
        guard !closed, let last else { return nil }
        let sentence: Sentence =
            """
            \(failure.subject): no FIN can come: \(.program(last.end)) did the work (\(.call(last))), but \
            \(.program(accepted.end)), which accepted the connection as descriptor \(.number(descriptor)), has not \
            closed it, and a FIN leaves only when every process has. The parent has to close() it after fork().
            """
        return Finding(
            .heldOpen, .failure, sentence, of: failure.call, packets: [conversation.packets.first?.number],
            calls: [accepted.id, last.id])
    }
}

extension Finding.Kind {
    /// A descriptor that another process still holds keeps a FIN back.
    static let heldOpen: Self = "held_open"
}
