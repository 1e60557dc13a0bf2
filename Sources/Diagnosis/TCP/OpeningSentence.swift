import Addressing
import Conversations
import Packets

/// What is said of a connection's beginning, and of questions that nobody answered.
extension EventFinding {
    func opened(_ roundTrip: Int64?) -> Sentence {
        let time: Sentence? = roundTrip.map { " in \(.duration($0))" }
        return
            "The client \(.endpoint(client)) connected to the server \(.endpoint(server)): SYN, SYN-ACK, ACK\(time)."
    }

    func openedUnseen(_ event: StoryEvent) -> Sentence {
        """
        The client \(.endpoint(client)) connected to the server \(.endpoint(server)): SYN, SYN-ACK. The third \
        segment was not captured, but \(.packet(event.packets.last)) shows that it came.
        """
    }

    var openedAtOnce: Sentence {
        """
        Both ends opened the connection at once: the SYN of \(.endpoint(client)), here called the client, and \
        that of \(.endpoint(server)) crossed, and each answered the other's with a SYN-ACK (simultaneous open).
        """
    }

    var refused: Sentence {
        """
        The server reset the connection in answer to the SYN; nothing was listening on \
        \(.number(server.port.rawValue)) (or a firewall answers so). Refused.
        """
    }

    var joined: Sentence {
        """
        The capture begins in the middle of this connection: who opened it and what was agreed is not known. \
        Which end is called the client here follows from what its first packet says (a request, or an answer), else \
        from the ports, else from who sent first.
        """
    }

    var probe: Sentence {
        """
        The first packet has none of SYN, ACK and RST: no connection has such a segment (RFC 9293 section 3.1). A \
        port scan looks like this.
        """
    }

    func joinedAtAnswer(_ serverMSS: UInt16?) -> Sentence {
        let size: Sentence =
            serverMSS.map { "named segments of at most \(.number($0)) bytes (MSS)" } ?? "named no segment size (MSS)"
        return
            """
            The capture begins with the SYN-ACK: \(.endpoint(client)) opened the connection and \
            \(.endpoint(server)) accepted it. The SYN was not captured. The server \(size); what the client \
            offered is not known.
            """
    }

    func oneDirection(_ missing: Finding.Side) -> Sentence {
        """
        The capture has one direction of this connection: no packet of the \(.side(missing)) is in it, though the \
        \(.side(missing.other)) acknowledges some. No more is known of what it sent than what is acknowledged.
        """
    }

    func reusedPorts(_ isAnswered: Bool) -> Sentence {
        let what: Sentence = isAnswered ? "opened a new connection" : "sent a SYN for a new connection"
        return "The client \(what) on ports that an earlier one had used: other sequence numbers, another stream."
    }

    func halfOpen(_ other: StoryEvent.HalfOpen) -> Sentence {
        let connection: Sentence =
            other.stream.map { "tcp.stream \(.number($0))" } ?? "an earlier connection on these ports"
        var text: Sentence =
            """
            The server answered the SYN with an ACK of \(connection) (\(.packet(other.answer))), which it still knew
            """
        if let reset = other.reset {
            text +=
                """
                ; the client did not, and reset it (\(.packet(reset))): half-open discovery (RFC 9293 \
                section 3.5.1, figure 9).
                """
        } else {
            text += ": a challenge ACK (RFC 9293 section 3.10.7.4, RFC 5961 section 4)."
        }
        return other.isOpened ? text : text + " Of a new connection nothing more was seen."
    }

    func agreed(_ agreement: StoryEvent.Agreement) -> Sentence {
        guard agreement.isWhole else {
            return
                """
                What was agreed is not known: options of the handshake cannot be read, as the capture cut them \
                off or a header is malformed.
                """
        }
        var parts = [segmentSizes(agreement.clientMSS, agreement.serverMSS)]
        if let client = agreement.clientScale, let server = agreement.serverScale {
            parts.append(
                client == server
                    ? "windows in units of \(.bytes(client)) (window scale)"
                    : "windows in units of \(.bytes(client)) (client) and \(.bytes(server)) (server; window scale)")
        } else {
            parts.append("windows of at most 65535 bytes (no window scale)")
        }
        parts.append(agreement.sack ? "selective acknowledgments (SACK)" : "no SACK")
        parts.append(agreement.timestamps ? "timestamps" : "no timestamps")
        return "Agreed: \(parts.joined(separator: ", "))."
    }

    private func segmentSizes(_ client: UInt16?, _ server: UInt16?) -> Sentence {
        let standard = Handshake.standardSegmentSize(of: self.server.address)
        func both(_ toClient: UInt16, _ toServer: UInt16, _ why: Sentence) -> Sentence {
            toClient == toServer
                ? "segments of at most \(.number(toClient)) bytes (MSS\(why))"
                : """
                segments of at most \(.number(toClient)) bytes to the client and \(.number(toServer)) to the \
                server (MSS\(why))
                """
        }
        return switch (client, server) {
        case (let client?, let server?): both(client, server, "")
        case (let client?, nil):
            both(client, standard, "; the server named none, so \(.number(standard)) holds")
        case (nil, let server?):
            both(standard, server, "; the client named none, so \(.number(standard)) holds")
        case (nil, nil): both(standard, standard, "; neither end named one")
        }
    }

    func repeatedSYN(_ waits: [Int64?], _ answer: Int?, _ challenge: Int?) -> Sentence {
        let shown = waits.prefix(6).map { "\(.duration($0))" as Sentence }.joined(separator: ", ")
        if let answer {
            return
                """
                The client sent its SYN again \(.times(waits.count)), after \(shown), although the SYN-ACK in \
                \(.packet(answer)) is in the capture before: it did not reach the client, or was not heeded.
                """
        }
        let more: Sentence = waits.count > 6 ? " and so on" : ""
        if challenge != nil {
            return "The client sent its SYN again \(.times(waits.count)), after \(shown)\(more)."
        }
        return
            """
            No answer came to the client's SYN. It sent it again \(.times(waits.count)), after \
            \(shown)\(more).
            """
    }

    func unanswered(_ event: StoryEvent, _ isGroup: Bool) -> Sentence {
        if isGroup { return "It went to a group address: nobody has to answer, and no answer was seen." }
        if transport == .udp {
            return
                """
                No answer is in the capture, and no ICMP error. UDP itself says nothing: the datagram may have been \
                lost, dropped, or taken by a program that does not answer, or the capture has one direction alone.
                """
        }
        let tries = event.packets.count
        let syns: Sentence =
            tries == 1
            ? "the client's SYN" : "any of the client's \(.number(tries)) SYNs in \(.duration(event.duration))"
        return
            """
            Nobody answered \(syns): no SYN-ACK, no reset, no ICMP error is in the capture. Either the host is not \
            there, or something on the way drops the packets without a word, or the capture has one direction \
            alone; a closed port would have answered with a reset.
            """
    }
}
