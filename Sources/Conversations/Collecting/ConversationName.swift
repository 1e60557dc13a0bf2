import Packets

/// A conversation as `flows` numbers it: `tcp.stream` or `udp.stream`.
public struct ConversationName: Hashable, Sendable {
    public let transport: Transport
    public let stream: UInt32

    public init(_ transport: Transport, _ stream: UInt32) {
        self.transport = transport
        self.stream = stream
    }
}
