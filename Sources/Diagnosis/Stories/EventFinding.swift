import Addressing
import Conversations
import Packets

/// Makes the findings of a conversation's story from what happened in it. What the events of one phase say stands in a
/// file of its own: opening, data, loss and repair, ending.
struct EventFinding {
    let transport: Transport
    let client: Endpoint
    let server: Endpoint
    /// The end of which the capture has nothing, though it sent: nothing is concluded from its silence.
    var missing: Finding.Side?

    /// Whether the conversation went to a group, or to all hosts: then nobody is the server.
    var isToGroup: Bool { transport == .udp && server.address.isGroup }

    func finding(_ event: StoryEvent) -> Finding {
        let (kind, severity) = Self.kind(of: event.kind)
        return Finding(
            kind, severity, by: event.side, sentence(event), evidence: Finding.Evidence(packets: event.packets),
            at: event.time, duration: event.duration)
    }

    private func sentence(_ event: StoryEvent) -> Sentence {
        let who: Sentence = isToGroup ? "sender" : event.side.map { "\(.side($0))" } ?? ""
        let other: Sentence = event.side.map { "\(.side($0.other))" } ?? ""
        return switch event.kind {
        case .opened(let roundTrip): opened(roundTrip)
        case .openedUnseen: openedUnseen(event)
        case .openedAtOnce: openedAtOnce
        case .agreed(let agreement): agreed(agreement)
        case .neverConfirmed:
            """
            The server answered the SYN, but no acknowledgment of the client's was seen: as far as captured, the \
            connection was not completed.
            """
        case .repeatedSYN(let waits, let answer, let challenge): repeatedSYN(waits, answer, challenge)
        case .halfOpen(let other): halfOpen(other)
        case .refused: refused
        case .unanswered(let isGroup): unanswered(event, isGroup)
        case .joined: joined
        case .probe: probe
        case .joinedAtAnswer(let size): joinedAtAnswer(size)
        case .oneDirection(let side): oneDirection(side)
        case .reusedPorts(let isAnswered): reusedPorts(isAnswered)
        case .turn(let turn): self.turn(turn, event, who, other)
        case .moreTurns(let count, let client, let server): moreTurns(count, client, server)
        case .lateSYN:
            "The \(who)'s SYN came again when the connection was open: a late duplicate, which changes nothing."
        case .retransmission(let repetition): retransmission(repetition, who)
        case .fastRetransmission(let repetition, let duplicates): fastRetransmission(repetition, duplicates, who)
        case .spuriousRetransmission(let repetition): spuriousRetransmission(repetition, who, other)
        case .outOfOrder(let repetition): outOfOrder(repetition, who)
        case .duplicateACKs(let count): duplicateACKs(count, who)
        case .gap(let bytes): gap(bytes, who)
        case .acknowledgedUnseen:
            "The \(who) acknowledged bytes that are not in the capture: they did arrive, only the capture missed them."
        case .conflictingBytes(let first, let conflict): conflictingBytes(first, conflict, who, other)
        case .foreign(let verdict, let flags): foreign(verdict, flags, who, other)
        case .resetForeign(let packet): resetForeign(packet, who)
        case .answeredForeign(let packet, let isChallenge, let stream):
            answeredForeign(packet, isChallenge, stream, who, other)
        case .closedWindow(let window): closedWindow(window, event, who, other)
        case .windowFull: windowFull(who, other)
        case .keepAlives(let count, let answers): keepAlives(count, answers, who, other)
        case .icmp(let refusal, let syn): icmp(refusal, syn)
        case .more(let kind, let count, let bytes): more(kind, count, bytes, who)
        case .closed(let order): closed(order, who, other)
        case .halfClosed where missing != nil:
            "The \(who) closed its direction (FIN). What the \(other) did is not in the capture."
        case .halfClosed:
            "The \(who) closed its direction (FIN). The \(other) had not closed when the capture ended."
        case .reset(let cause): reset(cause, who, other)
        case .stillOpen where missing != nil:
            "No FIN and no RST of the one end that was captured."
        // There may have been some that do not belong to it.
        case .stillOpen: "No FIN and no RST ended it: the connection was still open when the capture ended."
        case .replaced(let packet, let stream):
            """
            No FIN and no RST of it is in the capture, but another connection took its ports over \
            (\(.packet(packet)), tcp.stream \(.number(stream))): by then it was over.
            """
        case .goesOnAfterReset(let reset): goesOnAfterReset(reset, who)
        case .total(let account): total(account)
        }
    }

    private static func kind(of event: StoryEvent.Kind) -> (Finding.Kind, Finding.Severity) {
        switch event {
        case .opened: (.opened, .success)
        case .openedUnseen: (.openedUnseen, .success)
        case .openedAtOnce: (.openedAtOnce, .success)
        case .agreed: (.agreed, .note)
        case .neverConfirmed: (.neverConfirmed, .warning)
        case .repeatedSYN: (.repeatedSYN, .warning)
        case .halfOpen: (.halfOpen, .warning)
        case .refused: (.refused, .failure)
        // Nobody has to answer what goes to a group.
        case .unanswered(let isGroup): (.unanswered, isGroup ? .note : .failure)
        case .joined, .joinedAtAnswer: (.joined, .note)
        case .probe: (.probe, .warning)
        case .oneDirection: (.oneDirection, .warning)
        case .reusedPorts: (.reusedPorts, .note)
        case .turn: (.data, .note)
        case .moreTurns: (.moreData, .note)
        case .retransmission, .lateSYN: (.retransmission, .warning)
        case .fastRetransmission: (.fastRetransmission, .warning)
        case .spuriousRetransmission: (.spuriousRetransmission, .warning)
        case .outOfOrder: (.outOfOrder, .warning)
        case .duplicateACKs: (.duplicateACKs, .warning)
        case .gap: (.gap, .warning)
        case .acknowledgedUnseen: (.acknowledgedUnseen, .warning)
        case .conflictingBytes: (.conflictingBytes, .warning)
        case .foreign, .resetForeign: (.foreign, .note)
        case .answeredForeign: (.answeredForeign, .note)
        case .closedWindow: (.closedWindow, .warning)
        case .windowFull: (.windowFull, .warning)
        case .keepAlives: (.keepAlives, .note)
        case .icmp: (.icmpError, .failure)
        case .more(let kind, _, _): (Finding.Kind(rawValue: "more_\(kind.rawValue)"), .warning)
        case .closed: (.closed, .success)
        case .halfClosed: (.halfClosed, .note)
        case .reset(.notBelieved): (.foreign, .warning)
        case .reset: (.reset, .failure)
        case .stillOpen: (.stillOpen, .note)
        case .replaced: (.replaced, .note)
        case .goesOnAfterReset: (.goesOnAfterReset, .warning)
        case .total: (.total, .note)
        }
    }
}

extension Finding.Kind {
    // How a conversation began.
    package static let opened: Self = "opened"
    package static let openedUnseen: Self = "opened_unseen"
    package static let openedAtOnce: Self = "opened_at_once"
    package static let agreed: Self = "agreed"
    package static let neverConfirmed: Self = "never_confirmed"
    package static let repeatedSYN: Self = "repeated_syn"
    package static let halfOpen: Self = "half_open"
    package static let refused: Self = "refused"
    package static let unanswered: Self = "unanswered"
    package static let joined: Self = "joined"
    package static let probe: Self = "probe"
    package static let oneDirection: Self = "one_direction"
    package static let reusedPorts: Self = "reused_ports"

    // Data.
    package static let data: Self = "data"
    package static let moreData: Self = "more_data"

    // Loss and repair.
    package static let retransmission: Self = "retransmission"
    package static let fastRetransmission: Self = "fast_retransmission"
    package static let spuriousRetransmission: Self = "spurious_retransmission"
    package static let outOfOrder: Self = "out_of_order"
    package static let duplicateACKs: Self = "duplicate_acks"
    package static let gap: Self = "gap"
    package static let acknowledgedUnseen: Self = "acknowledged_unseen"
    package static let conflictingBytes: Self = "conflicting_bytes"
    package static let foreign: Self = "foreign"
    package static let answeredForeign: Self = "answered_foreign"
    package static let closedWindow: Self = "closed_window"
    package static let windowFull: Self = "window_full"
    package static let keepAlives: Self = "keep_alive"
    package static let icmpError: Self = "icmp_error"

    // How it ended.
    package static let closed: Self = "closed"
    package static let halfClosed: Self = "half_closed"
    package static let reset: Self = "reset"
    package static let stillOpen: Self = "still_open"
    package static let replaced: Self = "replaced"
    package static let goesOnAfterReset: Self = "goes_on_after_reset"
    package static let total: Self = "total"
}
