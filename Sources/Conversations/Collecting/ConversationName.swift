import Addressing
import Packets

/// A conversation as `flows` numbers it: `tcp.stream` or `udp.stream`.
public struct ConversationName: Hashable, Sendable {
    /// TCP or UDP, which are numbered apart.
    public let transport: Transport
    /// Its number, counted from 0.
    public let stream: UInt32

    /// A conversation by its transport and number.
    public init(_ transport: Transport, _ stream: UInt32) {
        self.transport = transport
        self.stream = stream
    }
}
