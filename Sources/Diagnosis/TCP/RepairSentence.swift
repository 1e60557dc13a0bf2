import Conversations
import Packets

/// What is said of losses and how they were mended, of windows, keep-alives and ICMP errors.
extension EventFinding {
    private static func content(_ repetition: StoryEvent.Repetition) -> Sentence {
        switch repetition.content {
        case .syn: "the SYN"
        case .synACK: "the SYN-ACK"
        case .fin: "the FIN"
        // Of a connection that the capture joined late, bytes before those that were seen first have no number.
        case .bytes(let first, let count, _) where Int32(bitPattern: first) <= 0:
            "\(.bytes(count)) from before the first captured one"
        case .bytes(let first, 1, _): "byte \(.number(first))"
        case .bytes(let first, let count, _): "bytes \(.number(first))–\(.number(first &+ count &- 1))"
        }
    }

    /// Whether some of the bytes had been seen before and others not.
    private static func isPartlyFresh(_ repetition: StoryEvent.Repetition) -> Bool {
        if case .bytes(_, let count, let fresh) = repetition.content { fresh > 0 && fresh < count } else { false }
    }

    /// A sentence more for a segment that brings bytes again and with them fills a gap.
    private static func fresh(_ repetition: StoryEvent.Repetition) -> Sentence? {
        guard isPartlyFresh(repetition), case .bytes(_, let count, let fresh) = repetition.content else { return nil }
        return " \(.number(fresh)) of these \(.number(count)) bytes had not been seen before: they fill a gap."
    }

    /// Where the other end's acknowledgments would have been seen.
    private var unacknowledged: Sentence? { missing == nil ? ": no acknowledgment had been seen" : nil }

    func retransmission(_ repetition: StoryEvent.Repetition, _ who: Sentence) -> Sentence {
        let content = Self.content(repetition)
        if let acknowledged = repetition.acknowledged {
            return
                """
                The \(who) sent \(content) again, though \(.packet(acknowledged)) had acknowledged it: that was lost \
                on the way, or came too late.
                """
        }
        if let original = repetition.original {
            let place: Sentence =
                repetition.wait.map { Self.after($0, "\(.packet(original))") } ?? "the same as in \(.packet(original))"
            return
                """
                The \(who) sent \(content) again, \(place)\(unacknowledged) (retransmission).\(Self.fresh(repetition))
                """
        }
        if repetition.content == .fin {
            return missing == nil
                ? "The \(who) sent its FIN again: no acknowledgment of it had been seen."
                : "The \(who) sent its FIN again."
        }
        // Seen, but too long ago for its packet to be remembered.
        if case .bytes(_, let count, let fresh) = repetition.content, fresh < count {
            return
                """
                The \(who) sent \(content) again\(unacknowledged) (retransmission).\(Self.fresh(repetition))
                """
        }
        return
            """
            The \(who) sent \(content) behind later ones, and the capture does not have them from before: sent \
            again after a loss (retransmission), or much delayed.
            """
    }

    func fastRetransmission(_ repetition: StoryEvent.Repetition, _ duplicates: UInt32, _ who: Sentence) -> Sentence {
        let asked: Sentence =
            duplicates > 0
            ? "After \(.count(Int(duplicates), "duplicate acknowledgment"))" : "Asked by duplicate acknowledgments,"
        return
            """
            \(asked) the \(who) sent \(Self.content(repetition)) again at once, without waiting for its timer \
            (fast retransmission).\(Self.fresh(repetition))
            """
    }

    func spuriousRetransmission(_ repetition: StoryEvent.Repetition, _ who: Sentence, _ other: Sentence) -> Sentence {
        """
        The \(who) sent \(Self.content(repetition)) again, though the \(other) had acknowledged that already \
        (spurious retransmission): the acknowledgment came too late for it, or was lost on the \
        way.\(Self.fresh(repetition))
        """
    }

    func outOfOrder(_ repetition: StoryEvent.Repetition, _ who: Sentence) -> Sentence {
        let more = Self.isPartlyFresh(repetition) ? Self.fresh(repetition) : " Nothing was sent twice for that."
        return
            """
            \(Self.content(repetition).capitalised) of the \(who) came late: segments behind it had overtaken it \
            (out of order).\(more)
            """
    }

    func duplicateACKs(_ count: Int, _ who: Sentence) -> Sentence {
        """
        The \(who) repeated its acknowledgment \(.times(count)) (duplicate ACKs): something came that was not \
        next, so a segment before it was lost, late or doubled.
        """
    }

    func gap(_ bytes: UInt64, _ who: Sentence) -> Sentence {
        "Before this packet, \(.bytes(bytes)) of the \(who) had not been seen: late, lost on the way, or not captured."
    }

    /// Of bytes that came again as others.
    func conflictingBytes(
        _ first: UInt32, _ conflict: RecentBytes.Conflict, _ who: Sentence, _ other: Sentence
    ) -> Sentence {
        let place: Sentence =
            conflict.length == 1
            ? "byte \(.number(first))" : "bytes \(.number(first))–\(.number(first &+ UInt32(conflict.length - 1)))"
        let (earlier, later) = (PayloadText(conflict.earlier), PayloadText(conflict.later))
        let contents: Sentence? =
            earlier.isEmpty || later.isEmpty || conflict.length > conflict.earlier.count
            ? nil : ": \(.name(later.quoted)), which had been \(.name(earlier.quoted))"
        return
            """
            The \(who) sent \(place) again, but as other bytes than \(.packet(conflict.packet)) had\(contents). The \
            \(other) keeps those that it has already (RFC 9293 section 3.10.7.4).
            """
    }

    /// Of a segment that does not belong to the connection.
    func foreign(_ verdict: SegmentVerdict, _ flags: TCPFlags, _ who: Sentence, _ other: Sentence) -> Sentence {
        let what: Sentence = "\(who)'s \(.words(flags.description))"
        return switch verdict {
        case .ofEarlierConnection where flags.contains(.rst):
            """
            The \(what) does not belong to this connection: its number lies before the one that it began with, as \
            that of a late segment of an earlier connection on these ports does. It ends nothing here.
            """
        case .ofEarlierConnection:
            """
            The \(what) does not belong to this connection: its numbers lie before those that it began with, as \
            those of a late segment of an earlier connection on these ports do. It changes nothing here.
            """
        case .strayAnswer:
            """
            The \(what) has another initial number than the one that counts, or acknowledges no SYN: it opens \
            nothing.
            """
        case .challengedReset:
            """
            The \(what) lies within the window, but has not the number that is expected: it ends nothing, and is \
            to be answered with a challenge ACK (RFC 5961 section 3.2).
            """
        case .outsideWindow where flags.contains(.rst):
            """
            The \(what) lies outside of what the \(other) can accept: it is to be dropped without an answer, and ends \
            nothing (RFC 5961 section 3.2).
            """
        case .resetsStray:
            """
            The \(what) resets what a segment is of that does not belong here (RFC 9293 section 3.10.7.3). It ends \
            nothing here.
            """
        case .acknowledgesUnsent:
            """
            The \(what) acknowledges what the \(other) has not sent: it is to be dropped, and changes nothing \
            (RFC 9293 section 3.10.7.4).
            """
        case .oldTimestamp:
            """
            The \(what) has an older timestamp than the \(other) has echoed already: an old duplicate, to be \
            dropped (PAWS, RFC 7323 section 5). It changes nothing.
            """
        case .belongs, .outsideWindow, .unbelievedReset:
            """
            The \(what) lies outside of what the \(other) can accept: it is to be dropped, and changes nothing \
            (RFC 9293 section 3.10.7.4).
            """
        }
    }

    func resetForeign(_ packet: Int, _ who: Sentence) -> Sentence {
        """
        The \(who) answered \(.packet(packet)) with a reset, as that acknowledges what it has not sent (RFC 9293 \
        section 3.10.7.3). It ends nothing of this connection.
        """
    }

    /// Of the ACK that a segment gets which does not belong to the connection.
    func answeredForeign(_ packet: Int, _ isChallenge: Bool, _ stream: UInt32?, _ who: Sentence, _ other: Sentence)
        -> Sentence
    {
        if let stream {
            return
                """
                The \(other) sent a SYN for a new connection into this one (\(.packet(packet)), \
                tcp.stream \(.number(stream))). The \(who) answered it with a challenge ACK, which says what it \
                expects of this connection (RFC 9293 section 3.10.7.4, RFC 5961 section 4).
                """
        }
        let what: Sentence = isChallenge ? "a challenge ACK (RFC 5961)" : "an ACK"
        return
            """
            The \(who) answered \(.packet(packet)) with \(what), which says what it expects (RFC 9293 \
            section 3.10.7.4).
            """
    }

    func closedWindow(_ window: StoryEvent.ClosedWindow, _ event: StoryEvent, _ who: Sentence, _ other: Sentence)
        -> Sentence
    {
        var text: Sentence =
            """
            The \(who) closed its window (0 bytes): its program does not read fast enough, and the \(other) has \
            to wait.
            """
        if window.probes > 0 { text += " The \(other) asked \(.times(window.probes)) (window probe)." }
        if let packet = window.reopened {
            return text + " Packet \(.number(packet)) opened it again after \(.duration(event.duration))."
        }
        return text + " It was not seen to open again."
    }

    func windowFull(_ who: Sentence, _ other: Sentence) -> Sentence {
        """
        With this segment the \(who) used up the window that the \(other) had announced: it may send no more \
        until the \(other)'s program has read.
        """
    }

    func keepAlives(_ count: Int, _ answers: Int, _ who: Sentence, _ other: Sentence) -> Sentence {
        let answered: Sentence = answers == 0 ? "no answer was seen" : "the \(other) answered \(.times(answers))"
        return "The \(who) asked \(.times(count)) whether the other end is still there (keep-alive); \(answered)."
    }

    func icmp(_ refusal: ICMPRefusal, _ syn: Int?) -> Sentence {
        let packet: Sentence = syn.map { "the client's SYN (\(.packet($0)))" } ?? "a packet of this conversation"
        let port: Sentence? = refusal.effect.isPortUnreachable ? " (\(.number(server.port.rawValue)))" : nil
        return
            "An ICMP error about \(packet) came from \(.address(refusal.sender)): \(.words(refusal.reason))\(port)."
    }

    func more(_ kind: Finding.Kind, _ count: Int, _ bytes: UInt64, _ who: Sentence) -> Sentence {
        let what: Sentence =
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
            case .foreign: "segment that does not belong here"
            case .answeredForeign: "ACK in answer to such a segment"
            case .conflictingBytes: "segment that sent other bytes again"
            default: "ICMP error"
            }
        let from: Sentence? = who.parts.isEmpty ? nil : " from the \(who)"
        let size: Sentence? = bytes > 0 ? ", \(.bytes(bytes))" : nil
        return "\(.number(count)) more of the kind\(from): \(what)\(size)."
    }
}
