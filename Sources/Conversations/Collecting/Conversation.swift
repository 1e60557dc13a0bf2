import Addressing
import Packets

/// The packets between one pair of endpoints over one transport, with what TCP made of them.
public struct Conversation: Sendable {
    /// TCP or UDP.
    public let transport: Transport
    /// Who opened: the sender of the SYN or of the first datagram.
    public let client: Endpoint
    /// The other end.
    public let server: Endpoint
    /// Its number among those of its transport, as Wireshark counts them; nil where nobody counted.
    public let stream: UInt32?
    /// The packets that are kept, in the order of the file.
    public private(set) var packets: [ObservedPacket] = []
    /// The state of both ends beside each packet: what changed with it.
    public private(set) var changes: [StateChange] = []
    /// ICMP errors that quote packets of this conversation.
    public private(set) var icmpErrors: [ICMPRefusal] = []
    /// nil for UDP.
    public private(set) var connection: TCPConnection?
    /// When its first packet passed, kept or not.
    public let firstTime: Timestamp
    /// When its latest packet passed, kept or not.
    public private(set) var lastTime: Timestamp
    private let keepsPackets: Bool
    /// Whether of long transfers only what a ladder draws is kept.
    private let condenses: Bool
    /// What was not kept of long transfers, by the number of the packet that it comes before.
    public private(set) var omitted: [Int: OmittedPackets] = [:]
    /// How long a silence is, once something was left out: it splits runs, and nothing is left out across it.
    public private(set) var silenceLimit: Int64?
    private var condensedNext = Conversation.condensedBeyond
    /// So many errors are kept: more of them say nothing new.
    private static let mostErrors = 1000

    /// The states that a packet put its two ends in; nil where nothing changed.
    public struct StateChange: Hashable, Sendable {
        /// The client's new state.
        public var client: TCPState?
        /// The server's new state.
        public var server: TCPState?

        /// A change of one end, of both, or of none.
        public init(client: TCPState? = nil, server: TCPState? = nil) {
            self.client = client
            self.server = server
        }
    }

    /// Begins with its first packet.
    /// - Parameters:
    ///   - keepingPackets: whether `packets` and `changes` are wanted. Without them a conversation takes the same
    ///     memory however long it is.
    ///   - keepingFirst: whether this one is.
    ///   - condensing: whether of long runs of ordinary packets the first and last ones are enough.
    public init(
        first packet: ObservedPacket, stream: UInt32? = nil, keepingPackets: Bool = true, keepingFirst: Bool = true,
        condensing: Bool = false
    ) {
        keepsPackets = keepingPackets
        condenses = condensing
        self.stream = stream
        transport = packet.transport
        connection = TCPConnection(first: packet)
        let ends = packet.ends
        client = connection?.client.endpoint ?? ends.client
        server = connection?.server.endpoint ?? ends.server
        firstTime = packet.time
        lastTime = packet.time
        guard keepsPackets, keepingFirst else { return }
        packets.append(packet)
        changes.append(StateChange(client: connection?.client.state, server: connection?.server.state))
    }

    /// Takes the next packet.
    /// - Parameter keeping: false for a packet that only moves the states on.
    public mutating func add(_ packet: ObservedPacket, keeping: Bool = true) {
        lastTime = max(lastTime, packet.time)
        let before = (connection?.client.state, connection?.server.state)
        let revisions = connection?.observe(packet) ?? []
        guard keepsPackets else { return }
        for revision in revisions { apply(revision) }
        guard keeping else { return }
        let after = (connection?.client.state, connection?.server.state)
        var change = StateChange(
            client: after.0 == before.0 ? nil : after.0, server: after.1 == before.1 ? nil : after.1)
        // A state that an earlier row shows by now has not changed here.
        for revision in revisions {
            if revision.isClient, revision.state == change.client { change.client = nil }
            if !revision.isClient, revision.state == change.server { change.server = nil }
        }
        packets.append(packet)
        changes.append(change)
        if condenses, packets.count >= condensedNext { condense() }
    }

    /// The other end answered its SYN with an ACK of another connection.
    /// - Parameter stream: that connection's.
    package mutating func noteChallenge(_ packet: ObservedPacket, of stream: UInt32) {
        connection?.noteChallenge(packet, of: stream)
    }

    /// Another connection took its ports over: its SYN was answered.
    package mutating func noteSuccessor(_ other: Conversation, _ stream: UInt32) {
        guard let handshake = other.connection?.handshake, handshake.synACK != nil, let syn = handshake.syn else {
            return
        }
        connection?.noteSuccessor(syn.number, stream)
    }

    private mutating func condense() {
        let silence = silenceLimit ?? Self.silenceLimit(packets.lazy.map(\.time))
        silenceLimit = silence
        let kept = condensed(silence: silence)
        (packets, changes, omitted) = (kept.packets, kept.changes, kept.omitted)
        condensedNext = max(Self.condensedBeyond, packets.count * 2)
    }

    /// Takes an ICMP error that quotes one of its packets.
    public mutating func add(_ error: ICMPRefusal) {
        if icmpErrors.count < Self.mostErrors { icmpErrors.append(error) }
    }

    private mutating func apply(_ revision: TCPConnection.Revision) {
        guard let row = packets.lastIndex(where: { $0.number <= revision.packet }),
            packets[row].number == revision.packet
        else { return }
        if revision.isClient { changes[row].client = revision.state } else { changes[row].server = revision.state }
    }

    /// Whether a packet of this conversation was sent by its client.
    public func isFromClient(_ packet: ObservedPacket) -> Bool { packet.source == client }

    /// Whether a segment is larger than the receiver's MSS allows on the wire: segmentation offload put it together,
    /// and the capture saw it before a network card would have cut it up.
    public func isOffloaded(_ packet: ObservedPacket) -> Bool {
        guard packet.tcp != nil, packet.frames == 1, let handshake = connection?.handshake else { return false }
        let offer = isFromClient(packet) ? handshake.serverOffer : handshake.clientOffer
        return offer?.maximumSegmentSize.map { packet.payloadLength > Int($0) } ?? false
    }

    /// Sorts packets into conversations, in the order in which those began.
    ///
    /// When ports begin anew is `ConnectionTable`'s rule. ICMP errors go to the latest conversation of the packet that
    /// they quote.
    public static func all(
        in packets: some Sequence<ObservedPacket>, icmpErrors: [ICMPRefusal] = [], seed: UInt64 = 0
    ) -> [Conversation] {
        // A connection's place is its conversation's, too.
        var table = ConnectionTable<SegmentAcceptance>(seed: seed, keeping: .all)
        var conversations: [Conversation] = []
        for packet in packets {
            var packet = packet
            let (key, direction) = packet.flow
            var place: Int
            if let segment = AnalyzedSegment(packet) {
                place =
                    table.place(of: segment, key, direction) { _, isAnother in
                        SegmentAcceptance(opening: isAnother ? direction : nil)
                    }.place
                if segment.isWhole {
                    var ruling = table[place].content.judge(segment, direction)
                    if ruling.verdict != .belongs, table[place].content.awaitsAnswer {
                        (place, ruling) = table.judgeUnclaimed(segment, direction, at: place)
                    }
                    packet.verdict = ruling.verdict
                }
            } else {
                place = table.place(of: key) { SegmentAcceptance() }
            }
            if place < conversations.count {
                conversations[place].add(packet)
            } else {
                conversations.append(Conversation(first: packet))
            }
        }
        for error in icmpErrors {
            guard let key = error.quoted?.flowKey else { continue }
            if let place = table.place(of: key) { conversations[place].add(error) }
        }
        return conversations
    }
}

extension ObservedPacket {
    /// Its endpoints, and which way it goes between them.
    var flow: (key: FlowKey, direction: FlowDirection) {
        FlowKey.of(
            source: source.address, sourcePort: source.port, destination: destination.address,
            destinationPort: destination.port, transport: transport)
    }

    package var flowKey: FlowKey { flow.key }
}

extension ICMPRefusal.Quoted {
    package var flowKey: FlowKey {
        FlowKey.of(
            source: source.address, sourcePort: source.port, destination: destination.address,
            destinationPort: destination.port,
            transport: transport
        ).key
    }
}
