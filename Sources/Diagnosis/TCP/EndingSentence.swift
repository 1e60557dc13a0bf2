import Conversations

/// What is said of a connection's end.
extension EventFinding {
    func closed(_ order: StoryEvent.ClosingOrder, _ who: Sentence, _ other: Sentence) -> Sentence {
        var text: Sentence =
            order.isSimultaneous
            ? "Both closed at once: each sent its FIN before it had the other's."
            : "The \(who) closed first (FIN), then the \(other)."
        text +=
            order.isConfirmed
            ? " Both FINs were acknowledged: an orderly end." : " Not both FINs were seen acknowledged."
        switch order.waits {
        case []: break
        case let waits where waits.count == 1: text += " The \(.side(waits[0])) is left in TIME-WAIT."
        default: text += " Both are left in TIME-WAIT."
        }
        return text
    }

    func goesOnAfterReset(_ reset: Int, _ who: Sentence) -> Sentence {
        """
        The \(who) goes on after its RST (\(.packet(reset))). Who resets a connection sends no more of it: another may \
        have sent that RST in its name.
        """
    }

    func reset(_ cause: StoryEvent.ResetCause, _ who: Sentence, _ other: Sentence) -> Sentence {
        switch cause {
        case .dataAfterClose(let fin, let data):
            """
            The \(who) reset the connection (RST): \
            \(ResetWords.dataAfterClose(of: "it", fin: fin, "the \(other)'s data", data)), which nobody there \
            will read.
            """
        case .afterClose(let fin):
            "The \(who) reset the connection (RST), after it had closed with \(.packet(fin))."
        case .answerToSYNACK:
            """
            The client answered the SYN-ACK with a reset (RST): it gave the connection up, or knew nothing of \
            it. A port scan looks like this, too.
            """
        case .notBelieved:
            "The \(who) sent a reset (RST) that acknowledges something else than the SYN: nobody believes it."
        case .answerToProbe:
            "The \(who) answered with a reset (RST): it knew no connection that this could be of."
        case .keepAliveUnanswered(let probe):
            """
            The \(who) reset the connection (RST): no answer to its last keep-alive (\(.packet(probe))) had been \
            seen, so its system took the \(other) for gone, or its program gave up.
            """
        case .halfOpen(let syn, let answer):
            """
            The \(who) reset the connection (RST): it no longer knew it, as its new SYN in \(.packet(syn)) shows, \
            and \(.packet(answer)) told it that the \(other) still did (half-open discovery, RFC 9293 \
            section 3.5.1, figure 9).
            """
        case .outOfNowhere: "The \(who) reset a connection (RST) of which the capture has nothing else."
        case .said(let text):
            """
            The \(who) reset the connection (RST), and says in it why (RFC 9293 section 3.5.3): \
            \(.name(text.quoted)).
            """
        case .abort(peerHadClosed: true):
            """
            The \(who) reset the connection (RST) instead of closing it, after the \(other)'s FIN: its program \
            ended or closed with data unread, or wanted it so (SO_LINGER 0).
            """
        case .abort(peerHadClosed: false):
            """
            The \(who) reset the connection (RST) without a FIN before: \(ResetWords.withoutClose). What was \
            under way is lost.
            """
        }
    }
}

/// Why a connection was reset, in words that the story of the connection and the reason of a failed call share.
enum ResetWords {
    /// - Parameters:
    ///   - who: who had closed: `it`, `the peer`.
    ///   - what: whose data came after that.
    static func dataAfterClose(of who: Sentence, fin: Int, _ what: Sentence, _ data: Int) -> Sentence {
        "\(who) had closed (FIN in \(.packet(fin))) when \(what) in \(.packet(data)) came"
    }

    /// A reset without a FIN before leaves no more than these.
    static let withoutClose: Sentence =
        """
        its program closed with data unread, or wanted it so (SO_LINGER 0), or its system no longer knew the \
        connection
        """
}
