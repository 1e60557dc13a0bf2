import Packets

/// The conversations that a packet is of, from the outside in: one, and of a tunnel's packet (VXLAN, GTP-U) the
/// tunnel's and the one inside of it. Those of a packet that an ICMP error quotes are among them: who opens the layer
/// sees that it is not the packet's own.
package struct PacketConversations: Sequence, IteratorProtocol {
    private let facts: TransportFacts
    private var step = 0

    init(_ facts: TransportFacts) { self.facts = facts }

    /// Whether the packet is of none.
    package var isEmpty: Bool {
        var rest = self
        return rest.next() == nil
    }

    package mutating func next() -> (name: ConversationName, layer: Int32)? {
        while step < 3 {
            step += 1
            switch step {
            // No tunnel that is dissected here runs over TCP.
            case 1: if facts.udpLayer >= 0 { return (ConversationName(.udp, facts.udpStream), facts.udpLayer) }
            case 2:
                if facts.tcpLayer >= 0, facts.has.contains(.stream) {
                    return (ConversationName(.tcp, facts.connection), facts.tcpLayer)
                }
            default:
                if facts.innerUDPLayer >= 0 {
                    return (ConversationName(.udp, facts.innerUDPStream), facts.innerUDPLayer)
                }
            }
        }
        return nil
    }
}

extension TransportFacts {
    package var conversations: PacketConversations { PacketConversations(self) }

    /// Where the packet's layer of a conversation begins; nil where it is not of that conversation.
    public func layer(of name: ConversationName) -> Int32? { conversations.first { $0.name == name }?.layer }
}
