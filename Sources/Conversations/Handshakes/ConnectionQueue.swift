import Addressing
import Packets

/// Follows the TCP connections of a capture without their packets, and lets go of each when it is over: what is kept
/// grows with the connections that are open, not with those that were.
///
///     queue.take(bytes, dissection, facts)
///     while let (stream, connection) = queue.next() { … }     // over, in the order of their streams
///     for (stream, connection) in queue.finish() { … }        // still kept when the capture ended
///
/// `ReleaseOrder` says when and in which order.
public struct ConnectionQueue: Sendable {
    private let only: UInt32?
    private var connections: [UInt32: Conversation] = [:]
    /// The latest connection of each pair: ICMP errors may quote too little to know the stream.
    private var latest: [FlowKey: UInt32] = [:]
    /// The connection before each on its ports, while nobody has answered it.
    private var predecessors: [UInt32: UInt32] = [:]
    private var order: ReleaseOrder

    /// - Parameters:
    ///   - only: the one stream that is wanted.
    ///   - order: when to let go of connections.
    public init(only: UInt32? = nil, order: ReleaseOrder = ReleaseOrder()) {
        self.only = only
        self.order = order
    }

    /// How many connections are kept.
    public var count: Int { connections.count }

    /// Takes a dissected record. `facts.transport` must have been filled in.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        let transport = facts.transport
        if transport.tcpLayer >= 0, transport.has.contains(.stream),
            let ends = TransportEnds(record, dissection, at: transport.tcpLayer)
        {
            guard only == nil || only == transport.connection, let packet = ObservedPacket(record, ends, facts) else {
                return
            }
            return take(packet, of: transport.connection)
        }
        guard let error = ICMPRefusal(record, dissection, number: facts.number, time: facts.timestamp),
            error.quoted?.transport == .tcp,
            let key = error.quoted?.flowKey, let stream = latest[key]
        else { return }
        connections[stream]?.add(error)
    }

    private mutating func take(_ packet: ObservedPacket, of stream: UInt32) {
        let name = ConversationName(.tcp, stream)
        let before = connections[stream]?.connection
        let wasOver = before?.isOver
        if wasOver != nil {
            connections[stream]?.add(packet)
        } else {
            guard !order.isGone(name) else { return }
            connections[stream] = Conversation(first: packet, stream: stream, keepingPackets: false)
            predecessors[stream] = latest[packet.flowKey]
            latest[packet.flowKey] = stream
            order.begin(name)
        }
        if let old = predecessors[stream], let connection = connections[stream], !connection.isAttempt {
            connections[old]?.noteSuccessor(connection, stream)
            predecessors[stream] = nil
        }
        if packet.answers > 0, packet.answersStream != stream {
            connections[packet.answersStream]?.noteChallenge(packet, of: stream)
        }
        let connection = connections[stream]?.connection
        if wasOver != true, connection?.isOver == true { order.close(name, at: packet.time) }
        order.noteSegment(name, isAttempt: connection?.isUnanswered == true, was: before?.isUnanswered == true)
        order.advance(to: packet.time)
    }

    /// The next connection that has been over for long.
    public mutating func next() -> (stream: UInt32, connection: Conversation)? {
        while let name = order.next() {
            guard let connection = connections.removeValue(forKey: name.stream) else { continue }
            let key = connection.flowKey
            if latest[key] == name.stream { latest[key] = nil }
            predecessors[name.stream] = nil
            return (name.stream, connection)
        }
        return nil
    }

    /// Everything that is left, in the order of the streams.
    public mutating func finish() -> [(stream: UInt32, connection: Conversation)] {
        let left = order.finish().compactMap { name in
            connections[name.stream].map { (stream: name.stream, connection: $0) }
        }
        connections = [:]
        latest = [:]
        return left
    }
}

extension Conversation {
    /// Whether it is an attempt to connect that nobody has answered so far.
    package var isAttempt: Bool { connection?.isUnanswered == true }

    package var flowKey: FlowKey {
        FlowKey.of(
            source: client.address, sourcePort: client.port, destination: server.address, destinationPort: server.port,
            transport: transport
        ).key
    }
}
