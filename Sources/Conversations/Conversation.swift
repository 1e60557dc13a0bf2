import Addressing
import Packets

/// The packets between one pair of endpoints over one transport, with what TCP made of them.
public struct Conversation: Sendable {
    public let transport: Transport
    /// Who opened: the sender of the SYN or of the first datagram.
    public let client: Endpoint
    public let server: Endpoint
    public private(set) var packets: [ObservedPacket] = []
    /// The state of both ends beside each packet: what changed with it.
    public private(set) var changes: [StateChange] = []
    /// nil for UDP.
    public private(set) var connection: TCPConnection?
    private let keepsPackets: Bool

    /// The states that a packet put its two ends in; nil where nothing changed.
    public struct StateChange: Hashable, Sendable {
        public var client: TCPState?
        public var server: TCPState?
    }

    /// Begins with its first packet.
    /// - Parameter keepingPackets: whether `packets` and `changes` are wanted. Without them a conversation takes the same
    ///   memory however long it is.
    public init(first packet: ObservedPacket, keepingPackets: Bool = true) {
        keepsPackets = keepingPackets
        transport = packet.transport
        connection = TCPConnection(first: packet)
        client = connection?.client.endpoint ?? packet.source
        server = connection?.server.endpoint ?? packet.destination
        guard keepsPackets else { return }
        packets.append(packet)
        changes.append(StateChange(client: connection?.client.state, server: connection?.server.state))
    }

    /// Takes the next packet.
    public mutating func add(_ packet: ObservedPacket) {
        guard keepsPackets else {
            connection?.observe(packet)
            return
        }
        let before = (connection?.client.state, connection?.server.state)
        connection?.observe(packet)
        let after = (connection?.client.state, connection?.server.state)
        packets.append(packet)
        changes.append(StateChange(
            client: after.0 == before.0 ? nil : after.0, server: after.1 == before.1 ? nil : after.1))
    }

    public func isFromClient(_ packet: ObservedPacket) -> Bool { packet.source == client }

    /// Whether a segment is larger than the receiver's MSS allows on the wire: segmentation offload put it together, and
    /// the capture saw it before a network card would have cut it up.
    public func isOffloaded(_ packet: ObservedPacket) -> Bool {
        guard packet.tcp != nil, let handshake = connection?.handshake else { return false }
        let offer = isFromClient(packet) ? handshake.serverOffer : handshake.clientOffer
        return offer?.maximumSegmentSize.map { packet.payloadLength > Int($0) } ?? false
    }

    /// Sorts packets into conversations, in the order in which those began.
    ///
    /// A SYN with another initial sequence number on the ports of a connection that was seen before is a new conversation.
    public static func all(in packets: some Sequence<ObservedPacket>, seed: UInt64 = 0) -> [Conversation] {
        var table = FlowTable(seed: seed)
        var conversations: [Conversation] = []
        for packet in packets {
            let (key, _) = FlowKey.of(
                source: packet.source.address, sourcePort: packet.source.port, destination: packet.destination.address,
                destinationPort: packet.destination.port, transport: packet.transport)
            let (number, isNew) = table.number(of: key)
            if isNew {
                conversations.append(Conversation(first: packet))
            } else if conversations[number].isReopened(by: packet) {
                _ = table.restart(key)
                conversations.append(Conversation(first: packet))
            } else {
                conversations[number].add(packet)
            }
        }
        return conversations
    }

    private func isReopened(by packet: ObservedPacket) -> Bool {
        guard let tcp = packet.tcp, let connection, tcp.flags.contains(.syn), !tcp.flags.contains(.ack) else { return false }
        let end = packet.source == connection.client.endpoint ? connection.client : connection.server
        return end.initialSequence.map { $0 != tcp.sequence } ?? false
    }
}
