import Addressing
import Conversations
import Packets

/// The handshake and the teardown of a connection, number by number.
public enum HandshakeCard {
    /// Writes the card of a conversation; for UDP it says that there is none.
    public static func write(_ conversation: Conversation, to out: inout OutputBuffer) {
        guard let connection = conversation.connection else {
            out.append("UDP has no handshake: the first packet already carries data, nobody agreed to anything, and no teardown follows.\n")
            return
        }
        writeOpening(connection, &out)
        writeAgreement(connection.handshake, &out)
        writeClosing(connection, conversation, &out)
    }

    private static func writeOpening(_ connection: TCPConnection, _ out: inout OutputBuffer) {
        let handshake = connection.handshake
        guard let syn = handshake.syn, let synHeader = syn.tcp else {
            out.append("The capture began after the handshake: its numbers are not known.\n")
            return
        }
        out.append(text: "SYN      packet \(syn.number)  \(syn.source) → \(syn.destination)\n")
        out.append(text: "         seq \(synHeader.sequence.rawValue) (relative 0): the client's initial sequence number\n")
        writeOffer(synHeader, &out)
        for repeated in handshake.repeatedSYNs {
            let later = DurationText.text(nanoseconds: repeated.time.nanoseconds(since: syn.time))
            out.append(text: "         sent again in packet \(repeated.number), \(later) later: no answer had come\n")
        }
        if let refusal = handshake.refusal {
            out.append(text: "RST      packet \(refusal.number)  \(refusal.source) → \(refusal.destination): refused, nothing listens on port \(refusal.source.port)\n")
            return
        }
        guard let synACK = handshake.synACK, let synACKHeader = synACK.tcp else {
            out.append("         nobody answered.\n")
            return
        }
        out.append(text: "SYN-ACK  packet \(synACK.number)  \(synACK.source) → \(synACK.destination)\n")
        out.append(text: "         seq \(synACKHeader.sequence.rawValue) (relative 0): the server's initial sequence number\n")
        out.append(text: "         ack \(synACKHeader.acknowledgment.rawValue) (relative \(relative(synACKHeader.acknowledgment, synHeader.sequence))) = \(synHeader.sequence.rawValue) + 1: the SYN itself takes one number\n")
        writeOffer(synACKHeader, &out)
        guard let ack = handshake.ack, let ackHeader = ack.tcp else {
            out.append("         the client never acknowledged it.\n")
            return
        }
        out.append(text: "ACK      packet \(ack.number)  \(ack.source) → \(ack.destination)\n")
        out.append(text: "         seq \(ackHeader.sequence.rawValue) (relative \(relative(ackHeader.sequence, synHeader.sequence))) = \(synHeader.sequence.rawValue) + 1\n")
        out.append(text: "         ack \(ackHeader.acknowledgment.rawValue) (relative \(relative(ackHeader.acknowledgment, synACKHeader.sequence))) = \(synACKHeader.sequence.rawValue) + 1\n")
        out.append(text: "         window \(ackHeader.window)\(scaled(ackHeader.window, handshake))\n")
        if let roundTrip = handshake.roundTrip {
            out.append(text: "Handshake round trip: \(DurationText.text(nanoseconds: roundTrip)) from SYN (packet \(syn.number)) to ACK (packet \(ack.number))\n")
        }
    }

    private static func relative(_ number: SequenceNumber, _ initial: SequenceNumber) -> UInt32 { number.relative(to: initial) }

    private static func writeOffer(_ header: TCPHeader, _ out: inout OutputBuffer) {
        let offer = Handshake.Offer(header)
        var words = [offer.maximumSegmentSize.map { "MSS \($0)" } ?? "no MSS (536 is assumed, RFC 9293 section 3.7.1)"]
        words.append("window \(header.window) (never scaled in a SYN)")
        words.append(offer.windowScale.map { "window scale \($0) (×\(scale($0)))" } ?? "no window scale")
        words.append(offer.sackPermitted ? "SACK permitted" : "no SACK")
        words.append(offer.timestamps ? "timestamps" : "no timestamps")
        out.append(text: "         offers \(words.joined(separator: ", "))\n")
    }

    private static func writeAgreement(_ handshake: Handshake, _ out: inout OutputBuffer) {
        guard handshake.synACK != nil, handshake.syn != nil else { return }
        func yes(_ agreed: Bool) -> String { agreed ? "yes" : "no" }
        out.append(text: "Agreed: window scaling \(yes(handshake.windowScaling)), SACK \(yes(handshake.sack)), timestamps \(yes(handshake.timestamps))\n")
    }

    /// RFC 7323 section 2.3: a shift above 14 counts as 14.
    private static func scale(_ shift: UInt8) -> Int { 1 << Int(min(shift, 14)) }

    private static func scaled(_ window: UInt16, _ handshake: Handshake) -> String {
        guard handshake.windowScaling, let shift = handshake.clientOffer?.windowScale, shift > 0 else { return " bytes" }
        return " × \(scale(shift)) = \(Int(window) * scale(shift)) bytes"
    }

    private static func writeClosing(_ connection: TCPConnection, _ conversation: Conversation, _ out: inout OutputBuffer) {
        for (name, end) in [("client", connection.client), ("server", connection.server)] {
            if let number = end.resetPacket, connection.handshake.refusal?.number != number {
                out.append(text: "Teardown: the \(name) reset the connection with packet \(number) (RST): no farewell, unread data is lost\n")
                return
            }
        }
        guard let first = connection.firstToClose else {
            if connection.handshake.refusal == nil { out.append("Teardown: none seen, the connection was still open when the capture ended\n") }
            return
        }
        let clientFirst = first == connection.client.endpoint
        let (early, late) = clientFirst ? (connection.client, connection.server) : (connection.server, connection.client)
        let (earlyName, lateName) = clientFirst ? ("client", "server") : ("server", "client")
        var line = "Teardown: the \(earlyName) closed first (FIN in packet \(early.finPacket ?? 0))"
        if let number = late.finPacket { line += ", then the \(lateName) (FIN in packet \(number))" } else { line += "; the \(lateName) never closed" }
        out.append(text: line + "\n")
        for (name, end) in [("client", connection.client), ("server", connection.server)] where end.state == .timeWait {
            out.append(text: "          \(end.endpoint) (\(name)) is left in TIME-WAIT: it was first to close and keeps its port pair for a while, so that late segments find nobody new\n")
        }
        if !connection.isOver {
            out.append(text: "          left open: client \(connection.client.state.rawValue), server \(connection.server.state.rawValue)\n")
        }
    }
}
