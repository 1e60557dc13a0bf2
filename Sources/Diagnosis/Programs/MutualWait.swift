import Addressing
import Conversations
import Sockets
import Timeline

/// Both ends of a connection stand still until they are ended: each receives what the other does not send, or each
/// sends what the other does not read.
enum MutualWait {
    static func findings(_ run: RunEvidence) -> [Finding] {
        var found: [Finding] = []
        let waits = run.failures.filter(\.isStillWaiting)
        for (place, failure) in waits.enumerated() {
            guard let (conversation, isClient) = run.connection(of: failure.call) else { continue }
            for other in waits[(place + 1)...]
            where other.call.end.program != failure.call.end.program
                || other.call.end.process != failure.call.end.process
            {
                guard let counterpart = run.connection(of: other.call), counterpart.isClient != isClient,
                    counterpart.conversation.client == conversation.client,
                    counterpart.conversation.firstTime == conversation.firstTime
                else { continue }
                if let finding = finding(failure, other, conversation, run) { found.append(finding) }
            }
        }
        return found
    }

    private static func finding(
        _ one: CallFailure, _ other: CallFailure, _ conversation: Conversation, _ run: RunEvidence
    ) -> Finding? {
        guard let end = run.end(of: one.call), let otherEnd = run.end(of: other.call) else { return nil }
        let time = min(end, otherEnd)
        let (first, second) = (time.nanoseconds(since: one.call.start), time.nanoseconds(since: other.call.start))
        let both: Sentence =
            """
            \(.program(one.call.end)) waits in \(.call(one.call)) for \(.duration(first)) and \
            \(.program(other.call.end)) in \(.call(other.call)) for \(.duration(second))
            """
        let ends = (conversation.client, conversation.server)
        let up = run.bytes(to: ends.1, from: ends.0, in: conversation, by: time)
        let down = run.bytes(to: ends.0, from: ends.1, in: conversation, by: time)
        let sentence: Sentence
        switch (one.cause, other.cause) {
        case (.stillWaiting(.data), .stillWaiting(.data)):
            // What lies unread may be what its program waits for more of; then it is not the other that has to move.
            guard up.came <= up.taken, down.came <= down.taken else { return nil }
            let sent: Sentence =
                up.came + down.came == 0
                ? "neither has sent anything"
                : "all that was sent (\(.bytes(up.came)) and \(.bytes(down.came)) back) was read"
            sentence =
                """
                \(both): each waits for the other to send, \(sent), and nothing is under way. One of them has to send \
                first.
                """
        case (.stillWaiting(.room), .stillWaiting(.room)):
            sentence =
                """
                \(both): each sends and waits for room, and neither reads: \(.bytes(max(0, up.came - up.taken))) and \
                \(.bytes(max(0, down.came - down.taken))) lie unread in the receive buffers.
                """
        default:
            return nil
        }
        return Finding(
            .mutualWait, .failure, sentence, of: one.call, packets: [conversation.packets.first?.number],
            calls: [other.call.id])
    }
}

extension Finding.Kind {
    /// Two programs wait for each other.
    static let mutualWait: Self = "mutual_wait"
}
