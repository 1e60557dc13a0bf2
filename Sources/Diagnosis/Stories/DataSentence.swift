import Conversations
import Packets

/// What is said of the data in a conversation.
extension EventFinding {
    func turn(_ turn: StoryTurn, _ event: StoryEvent, _ who: Sentence, _ other: Sentence) -> Sentence {
        var text: Sentence = "The \(who) sent \(.bytes(turn.bytes))"
        if turn.segments > 1 {
            let unit = transport == .tcp ? "segment" : "datagram"
            text += " in \(.count(turn.segments, unit))"
            switch event.duration {
            case nil: break
            case 0: text += " at once"
            case let duration: text += " within \(.duration(duration))"
            }
        } else if transport == .udp {
            text += " in one datagram"
        }
        if let since = turn.sinceOther { text += ", \(Self.after(since, "the \(other)'s"))" }
        if !turn.summary.isEmpty {
            // Each datagram is a message of its own; segments go on with the first one's, mostly.
            let first: Sentence = transport == .udp && turn.segments > 1 ? ", the first a " : ": "
            text += "\(first)\(.words(turn.summary))"
        }
        guard transport == .tcp else { return text + "." }
        let all: Sentence = turn.segments > 1 ? "all of it" : "it"
        if let (packet, after) = turn.acknowledgment {
            let later: Sentence? = after.map { $0 == 0 ? " at the same moment" : " \(.duration($0)) later" }
            return "\(text). Packet \(.number(packet)) acknowledged \(all)\(later)."
        }
        return missing == nil ? "\(text). No acknowledgment of \(all) was seen." : text + "."
    }

    func moreTurns(_ count: Int, _ client: UInt64, _ server: UInt64) -> Sentence {
        """
        They went on in \(.number(count)) more turn\(count == 1 ? "" : "s" as Sentence): \(.bytes(client)) from \
        the client and \(.bytes(server)) from the server.
        """
    }

    /// `12 ms after packet 4`; clocks that do not tell two moments apart have them at the same one.
    static func after(_ nanoseconds: Int64, _ what: Sentence) -> Sentence {
        nanoseconds == 0 ? "at the same moment as \(what)" : "\(.duration(nanoseconds)) after \(what)"
    }

    func total(_ account: ConversationAccount) -> Sentence {
        func way(_ direction: ConversationAccount.Direction, _ side: Finding.Side) -> Sentence {
            let data: Sentence =
                direction.payloadBytes > 0 ? "with \(.bytes(direction.payloadBytes)) of data" : "without data"
            return "\(.count(direction.packets, "packet")) from the \(.side(side)) \(data)"
        }
        let time: Sentence? =
            account.packets < 2 || account.duration == 0 ? nil : " in \(.duration(account.duration))"
        let wire: Sentence = "\(.bytes(account.wireBytes)) on the wire\(time)"
        if isToGroup {
            let data: Sentence = "\(.count(account.packets, "packet")) from the sender"
            return "In all \(data) with \(.bytes(account.fromClient.payloadBytes)) of data; \(wire)."
        }
        return switch (account.fromClient.packets, account.fromServer.packets) {
        case (0, 0): "In all no packet of its own."
        case (_, 0): "In all \(way(account.fromClient, .client)), none from the server; \(wire)."
        case (0, _): "In all \(way(account.fromServer, .server)), none from the client; \(wire)."
        default: "In all \(way(account.fromClient, .client)), \(way(account.fromServer, .server)); \(wire)."
        }
    }
}
