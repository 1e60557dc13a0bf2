import Addressing
import Conversations
import Packets
import Text

/// When the programs at the ends of a connection were ended from outside; nil for one that was not. What their system
/// sends from then on to close the connection is none of their doing.
public struct StoppedEnds: Hashable, Sendable {
    /// When the client's program was ended.
    public var client: Timestamp?
    /// When the server's program was ended.
    public var server: Timestamp?

    /// Neither was ended, unless a time is given.
    public init(client: Timestamp? = nil, server: Timestamp? = nil) {
        self.client = client
        self.server = server
    }

    /// Says which FIN and which RST of a card are the system's.
    func write(_ conversation: Conversation, _ connection: TCPConnection, _ out: inout OutputBuffer) {
        for (name, end, time) in [("client", connection.client, client), ("server", connection.server, server)] {
            guard let time else { continue }
            let closing = conversation.packets.filter { packet in
                packet.time >= time && (packet.number == end.finPacket || packet.number == end.resetPacket)
            }
            guard !closing.isEmpty else { continue }
            let names = closing.map { "packet \($0.number)" }.joined(separator: " and ")
            let verb = closing.count == 1 ? "is" : "are"
            out.append(
                text:
                    """
                              netprobe had ended the \(name)'s program by then: \(names) \(verb) the system's \
                    doing, no close() of the program's\n
                    """
            )
        }
    }
}
