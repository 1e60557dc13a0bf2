import Conversations
import Packets
import Text

/// The second and third segment of a handshake with their numbers, and the round trip that they show.
extension HandshakeCard {
    static func writeSYNACK(
        _ synACK: ObservedPacket, _ syn: ObservedPacket, _ handshake: Handshake, _ out: inout OutputBuffer
    ) {
        guard let header = synACK.tcp else { return }
        writeHead("SYN-ACK", synACK, &out)
        let isOwn = synACK.source == synACK.destination
        out.append(
            text:
                """
                         seq \(header.sequence.rawValue) (relative 0): \
                \(isOwn ? "the SYN again" : "the server's initial sequence number")\n
                """
        )
        writeAcknowledgment(synACK, of: syn, &out)
        writeOffer(synACK, &out)
        for repeated in handshake.repeatedSYNACKs {
            let later = DurationText.text(known: repeated.time.elapsed(since: synACK.time))
            out.append(text: "         sent again in packet \(repeated.number), \(later) later: its ACK had not come\n")
        }
    }

    /// `ack 4294967289 (relative 1) = 4294967288 + 1: the SYN itself takes one number`
    static func writeAcknowledgment(_ packet: ObservedPacket, of syn: ObservedPacket, _ out: inout OutputBuffer) {
        guard let acknowledgment = packet.tcp?.acknowledgment, let sequence = syn.tcp?.sequence else { return }
        // Signed: an old number is before the SYN's, not four thousand million after it.
        let text = "         ack \(acknowledgment.rawValue) (relative \(acknowledgment.distance(from: sequence)))"
        let data = syn.payloadLength
        if acknowledgment == sequence + 1 {
            let note = data > 0 ? "; the data of the SYN is not acknowledged" : ""
            out.append(text: "\(text) = \(sequence.rawValue) + 1: the SYN itself takes one number\(note)\n")
        } else if data > 0, acknowledgment == sequence + syn.sequenceLength {
            out.append(
                text: "\(text) = \(sequence.rawValue) + 1 + \(data): the SYN takes one number, its data \(data)\n")
        } else {
            out.append(
                text:
                    """
                    \(text) is wrong: it should be \(sequence.rawValue) + 1 = \((sequence + 1).rawValue), so \
                    it does not acknowledge this SYN\n
                    """
            )
        }
    }

    static func writeThird(
        _ handshake: Handshake, _ synACK: ObservedPacket, _ syn: ObservedPacket, _ out: inout OutputBuffer
    ) {
        guard let synSequence = syn.tcp?.sequence, let synACKSequence = synACK.tcp?.sequence else { return }
        guard let ack = handshake.ack, let header = ack.tcp else {
            if let later = handshake.laterACK, let header = later.tcp {
                out.append(
                    text:
                        """
                        ACK      was not captured: packet \(later.number), the client's first after the SYN-ACK, has \
                        seq \(header.sequence.rawValue) (relative \(header.sequence.relative(to: synSequence))) and \
                        ack \(header.acknowledgment.rawValue) (relative \
                        \(header.acknowledgment.relative(to: synACKSequence))), not 1 and 1\n
                        """
                )
            } else {
                out.append("ACK      none was captured\n")
            }
            return
        }
        // A socket that reached itself acknowledged itself with its SYN-ACK.
        if ack == synACK { return }
        let isSYN = header.flags.contains(.syn)
        writeHead(isSYN ? "SYN-ACK" : "ACK", ack, &out)
        let relative = header.sequence.relative(to: synSequence)
        out.append(
            text:
                """
                         seq \(header.sequence.rawValue) (relative \(relative))\
                \(relative == 0 ? ": the SYN again" : " = \(synSequence.rawValue) + \(relative)")\n
                """
        )
        out.append(
            text:
                """
                         ack \(header.acknowledgment.rawValue) (relative \
                \(header.acknowledgment.relative(to: synACKSequence))) = \(synACKSequence.rawValue) + \
                \(header.acknowledgment.relative(to: synACKSequence))\n
                """
        )
        writeData(ack, &out)
        out.append(
            text:
                """
                         window \(header.window)\
                \(isSYN ? " (never scaled in a SYN)" : scaled(header.window, handshake))\n
                """
        )
    }

    static func writeRoundTrip(_ handshake: Handshake, _ out: inout OutputBuffer) {
        guard let start = handshake.roundTripStart, let ack = handshake.roundTripEnd,
            let roundTrip = handshake.roundTrip, handshake.ack != handshake.synACK
        else { return }
        let isCrossing = handshake.crossingSYN != nil
        let what = isCrossing ? "the ACK of both SYNs" : "ACK"
        out.append(
            text:
                "Handshake round trip: \(DurationText.text(nanoseconds: roundTrip)) from SYN (packet \(start.number)) "
                + "to \(what) (packet \(ack.number))\n"
        )
        if !isCrossing, let server = handshake.serverRoundTrip, let synACK = handshake.synACK,
            !handshake.isRoundTripAmbiguous,
            let rest = ack.time.elapsed(since: synACK.time)
        {
            let client = DurationText.text(nanoseconds: rest)
            out.append(
                text:
                    """
                              \(DurationText.text(nanoseconds: server)) of it between the capture and the server, \
                    \(client) between the capture and the client\n
                    """
            )
        }
        if handshake.isRoundTripAmbiguous {
            let what =
                handshake.answeredSYN == nil
                ? "the SYN-ACK may answer an earlier SYN"
                : handshake.repeatedSYNACKs.isEmpty
                    ? "the SYN was sent again after its answer" : "the ACK may answer an earlier SYN-ACK"
            out.append(
                text:
                    """
                              ambiguous: \(what), nobody can tell; TCP takes no such sample \
                    (Karn's rule, RFC 6298 section 3)\n
                    """
            )
        } else if !handshake.repeatedSYNs.isEmpty {
            out.append(
                text:
                    """
                              the timestamp in the SYN-ACK echoes that of packet \(start.number): it answers \
                    that SYN (RFC 7323 section 4.1)\n
                    """
            )
        }
    }
}
