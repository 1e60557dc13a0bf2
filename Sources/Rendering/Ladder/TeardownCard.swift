import Addressing
import Conversations
import Packets
import Text

/// How a connection ended: who closed first, who reset it, who is left in TIME-WAIT.
enum TeardownCard {
    static func write(_ connection: TCPConnection, _ out: inout OutputBuffer) {
        let handshake = connection.handshake
        // What never opened has nothing to close.
        if handshake.refusal != nil || connection.beginsWithProbe { return }
        let reset = resetter(connection)
        guard let first = connection.firstToClose else {
            if let reset, connection.client.initialSequence == nil, connection.server.initialSequence == nil {
                out.append(
                    text: "Teardown: the \(reset.name) reset it with packet \(reset.packet) (RST), whatever it was\n")
            } else if let reset, !isOpened(connection), handshake.synACK != nil {
                out.append(
                    text:
                        """
                        Teardown: the \(reset.name) reset the connection with packet \(reset.packet) (RST) \
                        before the handshake was complete\n
                        """
                )
            } else if let reset {
                out.append(
                    text:
                        """
                        Teardown: the \(reset.name) reset the connection with packet \(reset.packet) (RST): no \
                        farewell, unread data is lost\n
                        """
                )
            } else if isOpened(connection) {
                guard let other = connection.successor else {
                    return out.append("Teardown: none seen, the connection was still open when the capture ended\n")
                }
                out.append(
                    text:
                        "Teardown: none seen; it was over by packet \(other.packet), with which "
                        + "tcp.stream \(other.stream) took its ports over\n"
                )
            } else if handshake.synACK != nil {
                out.append("Teardown: none; the capture has no end of the handshake\n")
            }
            return
        }
        let clientFirst = first == connection.client.endpoint
        let (early, late) =
            clientFirst ? (connection.client, connection.server) : (connection.server, connection.client)
        let (earlyName, lateName) = clientFirst ? ("client", "server") : ("server", "client")
        let packet = early.finPacket.map { "packet \($0)" } ?? "a packet"
        if connection.isSelfConnected {
            out.append(text: "Teardown: the socket closed (FIN in \(packet)): both directions at once, they are one\n")
        } else if connection.closedAtOnce, let other = late.finPacket {
            out.append(
                text:
                    """
                    Teardown: both closed at once: the \(earlyName)'s FIN (\(packet)) and the \(lateName)'s (packet \
                    \(other)) crossed, neither knew of the other's (RFC 9293 section 3.6, figure 13)\n
                    """
            )
        } else if let other = late.finPacket {
            out.append(
                text:
                    """
                    Teardown: the \(earlyName) closed first (FIN in \(packet)), then the \
                    \(lateName) (FIN in packet \(other))\n
                    """
            )
        } else if reset == nil {
            out.append(
                text:
                    """
                    Teardown: the \(earlyName) closed first (FIN in \(packet)); no FIN of the \(lateName) was \
                    captured: until it closes, it may still send (half-closed)\n
                    """
            )
        } else {
            out.append(text: "Teardown: the \(earlyName) closed first (FIN in \(packet))\n")
        }
        if let reset {
            // With both FINs acknowledged, nothing is left that could be lost.
            let isAfterEnd = early.finIsAcknowledged(by: late) && late.finIsAcknowledged(by: early)
            let what =
                isAfterEnd
                ? "after the orderly end: a wait in TIME-WAIT may end with it (RFC 1337)"
                : "nobody waits in TIME-WAIT, unread data is lost"
            out.append(
                text:
                    "          then the \(reset.name) reset the connection with packet \(reset.packet) (RST): \(what)\n"
            )
        } else {
            writeStates(connection, &out)
        }
    }

    private static func writeStates(_ connection: TCPConnection, _ out: inout OutputBuffer) {
        let why =
            connection.closedAtOnce || connection.isSelfConnected
            ? "it had to answer the other's FIN after its own" : "it was first to close"
        for (name, end) in ends(connection) where end.state == .timeWait {
            out.append(
                text:
                    """
                              \(end.endpoint) (\(name)) is left in TIME-WAIT: \(why) and keeps its port pair for a \
                    while, so that late segments find nobody new\n
                    """
            )
        }
        if !connection.isOver {
            func text(_ state: TCPState?) -> String { state?.rawValue ?? "not known" }
            out.append(
                text:
                    """
                              left open: client \(text(connection.client.state)), server \
                    \(text(connection.server.state))\n
                    """
            )
        }
    }

    private static func ends(_ connection: TCPConnection) -> [(name: String, end: TCPConnection.End)] {
        connection.isSelfConnected
            ? [("both ends", connection.client)] : [("client", connection.client), ("server", connection.server)]
    }

    private static func resetter(_ connection: TCPConnection) -> (name: String, packet: Int)? {
        for (name, end) in ends(connection) {
            if let packet = end.resetPacket { return (name == "both ends" ? "socket" : name, packet) }
        }
        return nil
    }

    /// Whether data could flow: the handshake was completed, or the capture began after it.
    private static func isOpened(_ connection: TCPConnection) -> Bool {
        let handshake = connection.handshake
        return !connection.sawOpening && handshake.synACK == nil || handshake.ack != nil || handshake.laterACK != nil
            || connection.client.state == .established && handshake.synACK == nil || connection.serverGoesOn
    }
}
