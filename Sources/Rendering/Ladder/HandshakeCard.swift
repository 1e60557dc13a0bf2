import Addressing
import Conversations
import Packets
import Text

/// The handshake and the teardown of a connection, number by number. Every sum is checked before it is printed as one.
public enum HandshakeCard {
    /// Writes the card of a conversation; for UDP it says that there is none.
    ///
    /// - Parameters:
    ///   - stopped: when the programs at its ends were ended from outside.
    ///   - isClientsView: whether the other host was captured, too, and this is what the client's host saw.
    public static func write(
        _ conversation: Conversation, stopped: StoppedEnds = StoppedEnds(), isClientsView: Bool = false,
        to out: inout OutputBuffer
    ) {
        guard let connection = conversation.connection else {
            out.append(
                """
                UDP has no handshake: the first packet already carries data, nobody agreed to \
                anything, and no teardown follows.\n
                """
            )
            writeErrors(conversation, &out)
            return
        }
        if connection.isSelfConnected {
            out.append(
                text:
                    """
                    One socket, connected to itself: its own port was the one that it called. Each segment leaves it \
                    and arrives at it (RFC 9293 section 3.5, simultaneous open).\n
                    """
            )
        }
        writeOpening(connection, conversation, isClientsView, &out)
        writeErrors(conversation, &out)
        writeAgreement(connection.handshake, &out)
        TeardownCard.write(connection, &out)
        writeForeign(connection, &out)
        stopped.write(conversation, connection, &out)
    }

    private static func writeOpening(
        _ connection: TCPConnection, _ conversation: Conversation, _ isClientsView: Bool, _ out: inout OutputBuffer
    ) {
        let handshake = connection.handshake
        guard let syn = handshake.syn, let synHeader = syn.tcp else {
            guard let synACK = handshake.synACK, let header = synACK.tcp else {
                if connection.beginsWithProbe {
                    return out.append(
                        "No handshake: the first packet has none of SYN, ACK and RST, as no connection has one.\n")
                }
                let isReset = connection.client.initialSequence == nil && connection.server.initialSequence == nil
                return out.append(
                    isReset
                        ? "The capture has nothing of this connection but a reset.\n"
                        : "The capture began after the handshake: its numbers are not known.\n")
            }
            out.append(text: "SYN      was not captured\n")
            writeHead("SYN-ACK", synACK, &out)
            out.append(
                text: "         seq \(header.sequence.rawValue) (relative 0): the server's initial sequence number\n")
            writeOffer(synACK, &out)
            return
        }
        writeHead("SYN", syn, &out)
        out.append(
            text: "         seq \(synHeader.sequence.rawValue) (relative 0): the client's initial sequence number\n")
        writeData(syn, &out)
        writeOffer(syn, &out)
        writeChallenge(handshake, &out)
        for repeated in handshake.repeatedSYNs {
            let later = DurationText.text(known: repeated.time.elapsed(since: syn.time))
            let why =
                handshake.synACK.map { $0.number < repeated.number } == true
                ? "the SYN-ACK had not reached it, or was not heeded"
                : handshake.challenge.map { $0.number < repeated.number } == true
                    ? "no SYN-ACK had come" : "no answer had come"
            out.append(text: "         sent again in packet \(repeated.number), \(later) later: \(why)\n")
        }
        if let crossing = handshake.crossingSYN, let header = crossing.tcp {
            writeHead("SYN", crossing, &out)
            out.append(
                text:
                    """
                             seq \(header.sequence.rawValue) (relative 0): the other end's initial sequence number; \
                    both opened at once (RFC 9293 section 3.5, figure 7)\n
                    """
            )
            writeOffer(crossing, &out)
        }
        if let refusal = handshake.refusal {
            writeHead("RST", refusal, &out, end: ": refused, nothing listens on port \(refusal.source.port)")
            return writeAcknowledgment(refusal, of: syn, &out)
        }
        guard let synACK = handshake.synACK else {
            return writeUnanswered(handshake, conversation, isClientsView, &out)
        }
        writeSYNACK(synACK, syn, handshake, &out)
        writeThird(handshake, synACK, syn, &out)
        writeRoundTrip(handshake, &out)
    }

    /// `ACK      packet 3  127.0.0.1:43210 → 127.0.0.1:65432`
    static func writeHead(_ name: String, _ packet: ObservedPacket, _ out: inout OutputBuffer, end: String = "") {
        let padding = String(repeating: " ", count: max(1, 9 - name.count))
        out.append(text: "\(name)\(padding)packet \(packet.number)  \(packet.source) → \(packet.destination)\(end)\n")
    }

    /// A SYN may carry data (RFC 9293 section 3.4); where it also shows a Fast Open cookie, the server's program gets
    /// them at once (RFC 7413).
    static func writeData(_ packet: ObservedPacket, _ out: inout OutputBuffer) {
        guard packet.payloadLength > 0, let header = packet.tcp else { return }
        let hasCookie = header.options.contains {
            if case .other(kind: 34, let length) = $0 { length > 2 } else { false }
        }
        let why =
            header.flags.contains(.syn)
            ? hasCookie ? " (TCP Fast Open, RFC 7413)" : " (a SYN may, RFC 9293 section 3.4)" : ""
        out.append(
            text:
                """
                         carries \(packet.payloadLength) \
                byte\(packet.payloadLength == 1 ? "" : "s") of data already\(why)\n
                """
        )
    }

    /// An ACK of another connection, where that came in answer to the SYN.
    private static func writeChallenge(_ handshake: Handshake, _ out: inout OutputBuffer) {
        guard let challenge = handshake.challenge else { return }
        let other = handshake.challengedStream.map { "tcp.stream \($0)" } ?? "an earlier connection on these ports"
        writeHead("ACK", challenge, &out, end: ": of \(other), which the server still knew")
        guard let reset = handshake.challengeReset else { return }
        writeHead(
            "RST", reset, &out, end: ": the client does not know that one (RFC 9293 section 3.5.1, figure 9)")
    }

    private static func writeUnanswered(
        _ handshake: Handshake, _ conversation: Conversation, _ isClientsView: Bool, _ out: inout OutputBuffer
    ) {
        if conversation.icmpErrors.contains(where: \.isUnreachable) || handshake.challenge != nil { return }
        if let reset = handshake.strayReset {
            writeHead("RST", reset, &out, end: ": the client does not believe it")
            if let syn = handshake.syn, reset.tcp?.flags.contains(.ack) == true {
                writeAcknowledgment(reset, of: syn, &out)
            } else {
                out.append("         it acknowledges nothing (RFC 9293 section 3.10.7.3)\n")
            }
            return
        }
        if handshake.crossingSYN != nil { return out.append("         no SYN-ACK of the other end was captured\n") }
        let count = handshake.repeatedSYNs.count + 1
        if isClientsView {
            out.append(
                text:
                    """
                             no answer\(count == 1 ? "" : " to any of \(count) SYNs") came to the client: no \
                    SYN-ACK, no RST, no ICMP error\n
                    """
            )
            return
        }
        out.append(
            text:
                """
                         nobody answered\(count == 1 ? "" : " any of \(count) SYNs"): no SYN-ACK, no \
                RST, no ICMP error was captured\n
                """
        )
    }

    /// Segments with its ports that do not belong to it; those that stand above already are left out.
    private static func writeForeign(_ connection: TCPConnection, _ out: inout OutputBuffer) {
        let told = [connection.handshake.challenge?.number, connection.handshake.challengeReset?.number]
        let foreign = connection.foreign.filter { !told.contains($0.number) }
        guard !foreign.isEmpty else { return }
        for packet in foreign.prefix(5) {
            let who = connection.isFromClient(packet) ? "client" : "server"
            let flags = packet.tcp?.flags.description ?? ""
            out.append(text: "Not of it: packet \(packet.number), the \(who)'s \(flags)")
            if let name = packet.verdict.name {
                out.append(": ")
                out.append(name)
            }
            out.append(ascii: 10)
        }
        let more = connection.foreignCount - (connection.foreign.count - foreign.count) - min(5, foreign.count)
        if more > 0 { out.append(text: "           and \(more) more\n") }
    }

    /// ICMP errors that quote its packets.
    private static func writeErrors(_ conversation: Conversation, _ out: inout OutputBuffer) {
        for error in conversation.icmpErrors.prefix(5) {
            let name = error.isVersion6 ? "ICMPv6" : "ICMP"
            let padding = String(repeating: " ", count: 9 - name.count)
            let target = error.quoted.map { " of the packet to \($0.destination)" } ?? ""
            out.append(
                text:
                    """
                    \(name)\(padding)packet \(error.packet)  \(error.sender) says\(target): \
                    \(error.name), \(error.reason)\n
                    """
            )
        }
        if conversation.icmpErrors.count > 5 {
            out.append(text: "         and \(conversation.icmpErrors.count - 5) more of the kind\n")
        }
    }
}
