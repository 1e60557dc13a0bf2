import Addressing
import Packets

/// Follows the TCP connections of a capture without their packets, and lets go of each when it is over: what is kept grows
/// with the connections that are open, not with those that were.
///
///     queue.take(bytes, dissection, facts)
///     while let (stream, connection) = queue.next() { … }     // over, in the order of their streams
///     for (stream, connection) in queue.finish() { … }        // still open when the capture ended
///
/// Connections come out in the order of their streams; but where more than `patience` of them wait for one that stays
/// open, the waiting ones come first.
public struct ConnectionQueue: Sendable {
    /// So many finished connections wait for an open one before them.
    private let patience: Int
    private let only: UInt32?
    private var open: [UInt32: Conversation] = [:]
    private var finished: [UInt32: Conversation] = [:]
    private var ready: [(stream: UInt32, connection: Conversation)] = []
    /// The latest connection of each pair: ICMP errors may quote too little to know the stream.
    private var latest: [FlowKey: UInt32] = [:]
    /// Streams below this one have come out, and above it those in `gone`.
    private var nextStream: UInt32 = 0
    private var gone: Set<UInt32> = []

    /// - Parameter only: the one stream that is wanted.
    public init(only: UInt32? = nil, patience: Int = 1000) {
        self.only = only
        self.patience = patience
    }

    /// How many connections are kept.
    public var count: Int { open.count + finished.count + ready.count }

    /// Takes a dissected record. `facts.transport` must have been filled in.
    public mutating func take(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: borrowing PacketFacts) {
        let transport = facts.transport
        guard let ends = TransportEnds(record, dissection) else {
            guard let error = ICMPRefusal(record, dissection, number: facts.number, time: facts.timestamp), error.quoted?.transport == .tcp,
                  let key = error.quoted?.flowKey, let stream = latest[key] else { return }
            if open[stream] != nil { open[stream]?.add(error) } else { finished[stream]?.add(error) }
            return
        }
        guard ends.transport == .tcp, transport.tcpLayer == ends.layer.start, transport.has.contains(.stream),
              let packet = ObservedPacket(record, dissection, facts) else { return }
        take(packet, of: transport.tcpStream)
    }

    private mutating func take(_ packet: ObservedPacket, of stream: UInt32) {
        if let only, only != stream { return }
        if finished[stream] != nil {
            // A late segment of a connection that is over, and has not come out.
            finished[stream]?.add(packet)
            return
        }
        if open[stream] == nil {
            guard stream >= nextStream, !gone.contains(stream) else { return }
            open[stream] = Conversation(first: packet, stream: stream, keepingPackets: false)
            latest[packet.flowKey] = stream
        } else {
            open[stream]?.add(packet)
        }
        if open[stream]?.connection?.isOver == true, let connection = open.removeValue(forKey: stream) {
            finished[stream] = connection
            release()
        }
    }

    private mutating func release() {
        if only != nil { return }
        while let connection = finished.removeValue(forKey: nextStream) {
            hand(nextStream, connection)
            advance()
        }
        guard finished.count > patience else { return }
        for stream in finished.keys.sorted() {
            guard let connection = finished.removeValue(forKey: stream) else { continue }
            hand(stream, connection)
            gone.insert(stream)
        }
        // Streams that have no packet of their own (quoted by an ICMP error alone) are never handed out.
        while gone.remove(nextStream) != nil { advance() }
    }

    private mutating func advance() {
        nextStream &+= 1
        while gone.remove(nextStream) != nil { nextStream &+= 1 }
    }

    private mutating func hand(_ stream: UInt32, _ connection: Conversation) {
        ready.append((stream, connection))
        let key = connection.flowKey
        if latest[key] == stream { latest[key] = nil }
    }

    /// The next connection that is over.
    public mutating func next() -> (stream: UInt32, connection: Conversation)? { ready.isEmpty ? nil : ready.removeFirst() }

    /// Everything that is left, in the order of the streams.
    public mutating func finish() -> [(stream: UInt32, connection: Conversation)] {
        let rest = open.merging(finished) { $1 }.sorted { $0.key < $1.key }
        let left = ready + rest.map { (stream: $0.key, connection: $0.value) }
        self = ConnectionQueue(only: only, patience: patience)
        return left
    }
}

extension Conversation {
    fileprivate var flowKey: FlowKey {
        FlowKey.of(
            source: client.address, sourcePort: client.port, destination: server.address, destinationPort: server.port, transport: transport).key
    }
}
