import Addressing
import Packets

/// What a conversation cost: packets and bytes each way, how much of it was the application's, and how long it took.
public struct ConversationAccount: Hashable, Sendable {
    /// One direction's sums.
    public struct Direction: Hashable, Sendable {
        /// Packets of this direction; of a datagram in fragments each counts.
        public var packets = 0
        /// Bytes on the wire, link header included.
        public var wireBytes = 0
        /// The application's bytes, as often as they were sent.
        public var payloadBytes = 0

        /// Nothing sent.
        public init() {}
    }

    /// From the client; where nobody named one, from the end that sent the first packet.
    public private(set) var fromClient = Direction()
    /// Towards it.
    public private(set) var fromServer = Direction()
    /// When the earliest packet passed; nil without packets.
    public private(set) var firstTime: Timestamp?
    /// When the latest packet passed; nil without packets.
    public private(set) var lastTime: Timestamp?
    private var client: Endpoint?

    /// - Parameter client: the end that opened; nil takes the sender of the first packet.
    public init(client: Endpoint? = nil) { self.client = client }

    /// The account of these packets, of which the first one's sender counts as client.
    public init(_ packets: some Sequence<ObservedPacket>) {
        for packet in packets { add(packet) }
    }

    /// Adds a packet.
    public mutating func add(_ packet: ObservedPacket) {
        if client == nil { client = packet.source }
        func count(_ direction: inout Direction) {
            direction.packets += packet.frames
            direction.wireBytes += packet.wireLength
            // What a reset carries says why; it is no data (RFC 9293 section 3.5.3).
            if packet.tcp?.flags.contains(.rst) != true { direction.payloadBytes += packet.payloadLength }
        }
        if packet.source == client { count(&fromClient) } else { count(&fromServer) }
        if firstTime.map({ packet.time < $0 }) ?? true { firstTime = packet.time }
        if lastTime.map({ packet.time > $0 }) ?? true { lastTime = packet.time }
    }

    /// Packets of both directions.
    public var packets: Int { fromClient.packets + fromServer.packets }
    /// Bytes of both directions on the wire.
    public var wireBytes: Int { fromClient.wireBytes + fromServer.wireBytes }
    /// The application's bytes of both directions.
    public var payloadBytes: Int { fromClient.payloadBytes + fromServer.payloadBytes }
    /// Everything on the wire that was not the application's: headers, handshake, acknowledgments, teardown.
    public var overheadBytes: Int { wireBytes - payloadBytes }
    /// From the first packet to the last, in nanoseconds; nil where that is not known.
    public var duration: Int64? {
        guard let firstTime, let lastTime else { return 0 }
        return lastTime.elapsed(since: firstTime)
    }
}
