import Addressing
import Conversations
import Diagnosis
import Packets
import Text

/// What `explain` says of an event, in a sentence or two. Says what the packets show; where more than one cause leaves
/// the same packets, it names them all.
struct StorySentence {
    let story: StoryBook.Story

    func text(_ event: StoryEvent) -> String {
        let who = event.side.map(name) ?? ""
        let other = event.side.map { name($0.other) } ?? ""
        switch event.kind {
        case .opened(let roundTrip): return opened(roundTrip)
        case .openedUnseen:
            return
                "The client \(story.client) connected to the server \(story.server): SYN, SYN-ACK. The third segment was not captured, but packet \(event.packets.last) shows that it came."
        case .openedAtOnce:
            return
                "Both ends opened the connection at once: the SYN of \(story.client), here called the client, and that of \(story.server) crossed, and each answered the other's with a SYN-ACK (simultaneous open)."
        case .agreed(let agreement): return agreed(agreement)
        case .neverConfirmed:
            return
                "The server answered the SYN, but no acknowledgment of the client's was seen: the connection was never complete."
        case .repeatedSYN(let waits): return repeatedSYN(waits)
        case .refused:
            return
                "The server reset the connection in answer to the SYN; nothing was listening on \(story.server.port) (or a firewall answers so). Refused."
        case .unanswered(let isGroup): return unanswered(event, isGroup)
        case .joined:
            return
                "The capture begins in the middle of this connection: who opened it and what was agreed is not known. Which end is called the client here follows from the ports, else from who sent first."
        case .reusedPorts:
            return
                "The client opened a new connection on ports that an earlier one had used: other sequence numbers, another stream."
        case .turn(let turn): return self.turn(turn, event, who, other)
        case .moreTurns(let count, let client, let server):
            return
                "They went on in \(count) more turn\(count == 1 ? "" : "s"): \(Self.bytes(client)) from the client and \(Self.bytes(server)) from the server."
        case .retransmission(let repetition): return retransmission(repetition, who)
        case .fastRetransmission(let repetition, let duplicates):
            let asked =
                duplicates > 0
                ? "After \(duplicates) duplicate acknowledgment\(duplicates == 1 ? "" : "s")"
                : "Asked by duplicate acknowledgments,"
            return
                "\(asked) the \(who) sent \(Self.content(repetition)) again at once, without waiting for its timer (fast retransmission).\(Self.fresh(repetition))"
        case .spuriousRetransmission(let repetition):
            return
                "The \(who) sent \(Self.content(repetition)) again, though the \(other) had acknowledged that already (spurious retransmission): the acknowledgment came too late for it, or was lost on the way.\(Self.fresh(repetition))"
        case .outOfOrder(let repetition):
            return
                "\(Self.capitalised(Self.content(repetition))) of the \(who) came late: segments behind it had overtaken it (out of order).\(Self.isPartlyFresh(repetition) ? Self.fresh(repetition) : " Nothing was sent twice for that.")"
        case .duplicateACKs(let count):
            return
                "The \(who) repeated its acknowledgment \(Self.times(count)) (duplicate ACKs): something came that was not next, so a segment before it was lost, late or doubled."
        case .gap(let bytes):
            return
                "Before this packet, \(Self.bytes(bytes)) of the \(who) had not been seen: late, lost on the way, or not captured."
        case .acknowledgedUnseen:
            return
                "The \(who) acknowledged bytes that are not in the capture: they did arrive, only the capture missed them."
        case .closedWindow(let window): return closedWindow(window, event, who, other)
        case .windowFull:
            return
                "With this segment the \(who) used up the window that the \(other) had announced: it may send no more until the \(other)'s program has read."
        case .keepAlives(let count, let answers):
            return
                "The \(who) asked \(Self.times(count)) whether the other end is still there (keep-alive); \(answers == 0 ? "no answer was seen" : "the \(other) answered \(Self.times(answers))")."
        case .icmp(let refusal, let syn): return icmp(refusal, syn)
        case .more(let kind, let count, let bytes): return Self.more(kind, count, bytes, who)
        case .closed(let order): return closed(order, who, other)
        case .halfClosed:
            return "The \(who) closed its direction (FIN). The \(other) had not closed when the capture ended."
        case .reset(let cause): return reset(cause, who, other)
        case .stillOpen: return "No FIN and no RST: the connection was still open when the capture ended."
        case .total(let account): return total(account)
        }
    }

    private func name(_ side: StoryEvent.Side) -> String { side == .client ? "client" : "server" }

    // MARK: The beginning

    private func opened(_ roundTrip: Int64?) -> String {
        let time = roundTrip.map { " in \(DurationText.text(nanoseconds: $0))" } ?? ""
        return "The client \(story.client) connected to the server \(story.server): SYN, SYN-ACK, ACK\(time)."
    }

    private func agreed(_ agreement: StoryEvent.Agreement) -> String {
        guard agreement.isWhole else {
            return
                "What was agreed is not known: options of the handshake cannot be read, as the capture cut them off or a header is malformed."
        }
        var parts = [segmentSizes(agreement.clientMSS, agreement.serverMSS)]
        if let client = agreement.clientScale, let server = agreement.serverScale {
            parts.append(
                client == server
                    ? "windows in units of \(Self.bytes(UInt64(client))) (window scale)"
                    : "windows in units of \(Self.bytes(UInt64(client))) (client) and \(Self.bytes(UInt64(server))) (server; window scale)"
            )
        } else {
            parts.append("windows of at most 65535 bytes (no window scale)")
        }
        parts.append(agreement.sack ? "selective acknowledgments (SACK)" : "no SACK")
        parts.append(agreement.timestamps ? "timestamps" : "no timestamps")
        return "Agreed: \(parts.joined(separator: ", "))."
    }

    private func segmentSizes(_ client: UInt16?, _ server: UInt16?) -> String {
        let standard = HandshakeCard.standardSegmentSize(story.server.address)
        func both(_ toClient: UInt16, _ toServer: UInt16, _ why: String) -> String {
            toClient == toServer
                ? "segments of at most \(toClient) bytes (MSS\(why))"
                : "segments of at most \(toClient) bytes to the client and \(toServer) to the server (MSS\(why))"
        }
        return switch (client, server) {
        case (let client?, let server?): both(client, server, "")
        case (let client?, nil): both(client, standard, "; the server named none, so \(standard) holds")
        case (nil, let server?): both(standard, server, "; the client named none, so \(standard) holds")
        case (nil, nil): both(standard, standard, "; neither end named one")
        }
    }

    private func repeatedSYN(_ waits: [Int64]) -> String {
        let shown = waits.prefix(6).map { DurationText.text(nanoseconds: $0) }.joined(separator: ", ")
        return
            "No answer came to the client's SYN. It sent it again \(Self.times(waits.count)), after \(shown)\(waits.count > 6 ? " and so on" : "")."
    }

    private func unanswered(_ event: StoryEvent, _ isGroup: Bool) -> String {
        if isGroup { return "It went to a group address: nobody has to answer, and no answer was seen." }
        if story.name.transport == .udp {
            return
                "No answer came, and no ICMP error. UDP itself says nothing: the datagram may have been lost, dropped, or taken by a program that does not answer."
        }
        let tries = event.packets.count
        let syns =
            tries == 1
            ? "the client's SYN"
            : "any of the client's \(tries) SYNs in \(DurationText.text(nanoseconds: event.duration))"
        return
            "Nobody answered \(syns): no SYN-ACK, no reset, no ICMP error. Either the host is not there, or something on the way drops the packets without a word; a closed port would have answered with a reset."
    }

    // MARK: Data

    private func turn(_ turn: StoryTurn, _ event: StoryEvent, _ who: String, _ other: String) -> String {
        var text = "The \(who) sent \(Self.bytes(turn.bytes))"
        let unit = story.name.transport == .tcp ? "segment" : "datagram"
        if turn.segments > 1 {
            text +=
                " in \(turn.segments) \(unit)s \(event.duration == 0 ? "at once" : "within \(DurationText.text(nanoseconds: event.duration))")"
        } else if unit == "datagram" {
            text += " in one datagram"
        }
        if let since = turn.sinceOther { text += ", \(Self.after(since, "the \(other)'s"))" }
        if !turn.summary.isEmpty { text += ": \(turn.summary)" }
        guard story.name.transport == .tcp else { return text + "." }
        if let (packet, after) = turn.acknowledgment {
            return text
                + ". Packet \(packet) acknowledged \(turn.segments > 1 ? "all of it" : "it")\(after == 0 ? " at the same moment" : " \(DurationText.text(nanoseconds: after)) later")."
        }
        return text + ". No acknowledgment of \(turn.segments > 1 ? "all of it" : "it") was seen."
    }

    static func bytes(_ count: UInt64) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

    /// `12 ms after packet 4`; clocks that do not tell two moments apart have them at the same one.
    private static func after(_ nanoseconds: Int64, _ what: String) -> String {
        nanoseconds == 0
            ? "at the same moment as \(what)" : "\(DurationText.text(nanoseconds: nanoseconds)) after \(what)"
    }

    static func times(_ count: Int) -> String {
        count == 0 ? "never" : count == 1 ? "once" : count == 2 ? "twice" : "\(count) times"
    }

    // MARK: Loss and repair

    private static func content(_ repetition: StoryEvent.Repetition) -> String {
        switch repetition.content {
        case .syn: "the SYN"
        case .synACK: "the SYN-ACK"
        case .fin: "the FIN"
        // Of a connection that the capture joined late, bytes before those that were seen first have no number.
        case .bytes(let first, let count, _) where Int32(bitPattern: first) <= 0:
            "\(bytes(UInt64(count))) from before the first captured one"
        case .bytes(let first, 1, _): "byte \(first)"
        case .bytes(let first, let count, _): "bytes \(first)–\(first &+ count &- 1)"
        }
    }

    /// Whether some of the bytes had been seen before and others not.
    private static func isPartlyFresh(_ repetition: StoryEvent.Repetition) -> Bool {
        if case .bytes(_, let count, let fresh) = repetition.content { fresh > 0 && fresh < count } else { false }
    }

    /// A sentence more for a segment that brings bytes again and with them fills a gap.
    private static func fresh(_ repetition: StoryEvent.Repetition) -> String {
        guard isPartlyFresh(repetition), case .bytes(_, let count, let fresh) = repetition.content else { return "" }
        return " \(fresh) of these \(count) bytes had not been seen before: they fill a gap."
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private func retransmission(_ repetition: StoryEvent.Repetition, _ who: String) -> String {
        let content = Self.content(repetition)
        if let original = repetition.original, let wait = repetition.wait {
            return
                "The \(who) sent \(content) again, \(Self.after(wait, "packet \(original)")): no acknowledgment had been seen (retransmission).\(Self.fresh(repetition))"
        }
        if repetition.content == .fin { return "The \(who) sent its FIN again: no acknowledgment of it had been seen." }
        // Seen, but too long ago for its packet to be remembered.
        if case .bytes(_, let count, let fresh) = repetition.content, fresh < count {
            return
                "The \(who) sent \(content) again: no acknowledgment had been seen (retransmission).\(Self.fresh(repetition))"
        }
        return
            "The \(who) sent \(content) behind later ones, and the capture does not have them from before: sent again after a loss (retransmission), or much delayed."
    }

    private func closedWindow(_ window: StoryEvent.ClosedWindow, _ event: StoryEvent, _ who: String, _ other: String)
        -> String
    {
        var text =
            "The \(who) closed its window (0 bytes): its program does not read fast enough, and the \(other) has to wait."
        if window.probes > 0 { text += " The \(other) asked \(Self.times(window.probes)) (window probe)." }
        if let packet = window.reopened {
            return text + " Packet \(packet) opened it again after \(DurationText.text(nanoseconds: event.duration))."
        }
        return text + " It was not seen to open again."
    }

    private func icmp(_ refusal: ICMPRefusal, _ syn: Int?) -> String {
        let packet = syn.map { "the client's SYN (packet \($0))" } ?? "a packet of this conversation"
        return
            "An ICMP error about \(packet) came from \(refusal.sender): \(refusal.reason)\(isPortUnreachable(refusal) ? " (\(story.server.port))" : "")."
    }

    private func isPortUnreachable(_ refusal: ICMPRefusal) -> Bool {
        refusal.isVersion6 ? refusal.type == 1 && refusal.code == 4 : refusal.type == 3 && refusal.code == 3
    }

    private static func more(_ kind: StoryEvent.MarkKind, _ count: Int, _ bytes: UInt64, _ who: String) -> String {
        let what =
            switch kind {
            case .retransmission: "retransmission"
            case .fastRetransmission: "fast retransmission"
            case .spuriousRetransmission: "spurious retransmission"
            case .outOfOrder: "segment out of order"
            case .duplicateACKs: "run of duplicate ACKs"
            case .gap: "gap in the capture"
            case .acknowledgedUnseen: "acknowledgment of bytes not captured"
            case .closedWindow: "closed window"
            case .windowFull: "window used up"
            case .keepAlives: "run of keep-alives"
            case .icmp: "ICMP error"
            }
        let size = bytes > 0 ? ", \(self.bytes(bytes))" : ""
        return "\(count) more of the kind\(who.isEmpty ? "" : " from the \(who)"): \(what)\(size)."
    }

    // MARK: The end

    private func closed(_ order: StoryEvent.ClosingOrder, _ who: String, _ other: String) -> String {
        var text =
            order.isSimultaneous
            ? "Both closed at once: each sent its FIN before it had the other's."
            : "The \(who) closed first (FIN), then the \(other)."
        text +=
            order.isConfirmed
            ? " Both FINs were acknowledged: an orderly end." : " Not both FINs were seen acknowledged."
        switch order.waits {
        case [.client]: text += " The client is left in TIME-WAIT."
        case [.server]: text += " The server is left in TIME-WAIT."
        case []: break
        default: text += " Both are left in TIME-WAIT."
        }
        return text
    }

    private func reset(_ cause: StoryEvent.ResetCause, _ who: String, _ other: String) -> String {
        switch cause {
        case .dataAfterClose(let fin, let data):
            "The \(who) reset the connection (RST): it had closed with packet \(fin), and then came the \(other)'s data (packet \(data)), which nobody there will read."
        case .afterClose(let fin): "The \(who) reset the connection (RST), after it had closed with packet \(fin)."
        case .answerToSYNACK:
            "The client answered the SYN-ACK with a reset (RST): it gave the connection up, or knew nothing of it. A port scan looks like this, too."
        case .notBelieved:
            "The \(who) sent a reset (RST) that acknowledges something else than the SYN: nobody believes it."
        case .keepAliveUnanswered(let probe):
            "The \(who) reset the connection (RST): no answer to its last keep-alive (packet \(probe)) had been seen, so its system took the \(other) for gone, or its program gave up."
        case .outOfNowhere: "The \(who) reset a connection (RST) of which the capture has nothing else."
        case .abort(let peerHadClosed):
            peerHadClosed
                ? "The \(who) reset the connection (RST) instead of closing it, after the \(other)'s FIN: its program ended or closed with data unread, or wanted it so (SO_LINGER 0)."
                : "The \(who) reset the connection (RST) without a FIN before: its program closed with data unread, or wanted it so (SO_LINGER 0), or its system no longer knew the connection. What was under way is lost."
        }
    }

    private func total(_ account: ConversationAccount) -> String {
        func way(_ direction: ConversationAccount.Direction, _ name: String) -> String {
            let data =
                direction.payloadBytes > 0
                ? "with \(Self.bytes(UInt64(direction.payloadBytes))) of data" : "without data"
            return "\(direction.packets) packet\(direction.packets == 1 ? "" : "s") from the \(name) \(data)"
        }
        let wire = "\(Self.bytes(UInt64(account.wireBytes))) on the wire"
        let time = account.duration == 0 ? "" : " in \(DurationText.text(nanoseconds: account.duration))"
        switch (account.fromClient.packets, account.fromServer.packets) {
        case (0, 0): return "In all no packet of its own."
        case (_, 0): return "In all \(way(account.fromClient, "client")), none from the server; \(wire)\(time)."
        case (0, _): return "In all \(way(account.fromServer, "server")), none from the client; \(wire)\(time)."
        default:
            return "In all \(way(account.fromClient, "client")), \(way(account.fromServer, "server")); \(wire)\(time)."
        }
    }
}
