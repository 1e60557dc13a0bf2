import Addressing
import Packets

/// One TCP connection as its segments tell it: the state of both ends after each segment (RFC 9293 section 3.3.2,
/// figure 5), seen from between them. A segment moves its sender when it is seen to leave and its receiver as if it
/// arrived.
///
/// What an end did is sometimes known only from its answer: whether a SYN reached a listener (a SYN-ACK comes back),
/// whether a FIN had arrived before the other end closed too. Then the state of an earlier row is set, or taken back:
/// see `Revision`.
public struct TCPConnection: Sendable {
    /// One end and what its segments said.
    public struct End: Sendable {
        /// Its address and port.
        public let endpoint: Endpoint
        /// nil while nothing tells it: a SYN that nobody answered says nothing of the other end.
        public internal(set) var state: TCPState?
        /// The number that its SYN or, seen from the middle, its first segment gave.
        public internal(set) var initialSequence: SequenceNumber?
        /// The number that its FIN takes.
        public internal(set) var finSequence: SequenceNumber?
        /// The record that carried its first FIN.
        public internal(set) var finPacket: Int?
        /// The record with which it reset the connection.
        public internal(set) var resetPacket: Int?
        /// One past the highest number that its segments took.
        public internal(set) var nextSequence: SequenceNumber?
        /// The highest acknowledgment number that it sent.
        public internal(set) var acknowledged: SequenceNumber?

        /// Whether the other end has acknowledged the FIN.
        public func finIsAcknowledged(by other: End) -> Bool {
            guard let finSequence, let acknowledged = other.acknowledged else { return false }
            return !acknowledged.precedes(finSequence + 1)
        }

        /// RFC 9293 section 3.4: new is what lies above the initial number and not above what was sent.
        func acknowledgesSYN(_ acknowledgment: SequenceNumber) -> Bool {
            guard let initialSequence else { return true }
            return initialSequence.precedes(acknowledgment)
                && !(nextSequence ?? acknowledgment).precedes(acknowledgment)
        }
    }

    /// The state of an end beside an earlier packet, known only now.
    public struct Revision: Hashable, Sendable {
        /// The record's number.
        public let packet: Int
        /// Which end it is.
        public let isClient: Bool
        /// nil: the packet changed nothing at that end.
        public let state: TCPState?
    }

    /// The end that opened, by the rule of `ConnectionRoles`.
    public private(set) var client: End
    /// The other end.
    public private(set) var server: End
    /// Whether the handshake was seen from its SYN on.
    public let sawOpening: Bool
    /// The segments that opened it.
    public private(set) var handshake = Handshake()
    /// Whose FIN was seen first.
    public private(set) var firstToClose: Endpoint?
    /// Both ends sent a FIN before they had the other's (RFC 9293 section 3.6, figure 13): neither closed first.
    public private(set) var closedAtOnce = false
    /// The SYN of a connection that took its ports over, and was answered: by then, this one was over.
    public private(set) var successor: (packet: Int, stream: UInt32)?
    /// Whether its first packet has none of SYN, ACK and RST. A connection has no such segment (RFC 9293 section 3.1:
    /// ACK is always set once it is established), a scan has.
    public let beginsWithProbe: Bool
    /// Segments with its ports that do not belong to it: the first ones, in order.
    public private(set) var foreign: [ObservedPacket] = []
    /// How many there were.
    public private(set) var foreignCount = 0
    /// So many of them are kept.
    private static let mostForeign = 16
    /// Both ends are one socket, which reached itself: its port was the one that it connected to.
    public let isSelfConnected: Bool

    /// Begins with the first segment seen.
    public init?(first packet: ObservedPacket) {
        guard let tcp = packet.tcp else { return nil }
        let opening = tcp.flags.contains(.syn)
        let fromServer = !ConnectionRoles.isFromClient(packet)
        let (clientEndpoint, serverEndpoint) =
            fromServer ? (packet.destination, packet.source) : (packet.source, packet.destination)
        isSelfConnected = packet.source == packet.destination
        sawOpening = opening && !tcp.flags.contains(.ack)
        beginsWithProbe = tcp.flags.isDisjoint(with: [.syn, .ack, .rst])
        let middle: TCPState? = opening || beginsWithProbe || tcp.flags.contains(.rst) ? nil : .established
        client = End(endpoint: clientEndpoint, state: fromServer && opening ? .synSent : middle)
        server = End(endpoint: serverEndpoint, state: middle)
        observe(packet)
    }

    /// Whether nothing more can come: both ends closed, by FINs that were acknowledged or by a reset.
    public var isOver: Bool {
        func done(_ state: TCPState?) -> Bool { state == .closed || state == .timeWait }
        return done(client.state) && done(server.state)
    }

    /// Whether one end alone was seen so far, and no data from it behind its first segment: an attempt that nobody has
    /// answered.
    public var isUnanswered: Bool {
        func carriedNothing(_ end: End) -> Bool {
            guard let initial = end.initialSequence, let next = end.nextSequence else { return true }
            return end.state == .synSent || next.relative(to: initial) <= 1
        }
        return !isOver && (client.nextSequence == nil || server.nextSequence == nil) && carriedNothing(client)
            && carriedNothing(server)
    }

    /// Whether the server acknowledges more than the SYN, or sent more than its SYN-ACK: then that was acknowledged,
    /// though the capture need not have it.
    public var serverGoesOn: Bool {
        guard let own = server.initialSequence, let next = server.nextSequence else { return false }
        let acknowledged = client.initialSequence.flatMap { initial in
            server.acknowledged.map { $0.relative(to: initial) }
        }
        return next.relative(to: own) > 1
            || acknowledged ?? 1 > 1 && handshake.syn.map { $0.payloadLength == 0 } ?? true
    }

    /// The end that a packet comes from is the client's.
    public func isFromClient(_ packet: ObservedPacket) -> Bool { packet.source == client.endpoint }

    /// The packet's sequence number relative to its sender's initial one.
    public func relativeSequence(_ packet: ObservedPacket) -> UInt32? {
        guard let tcp = packet.tcp else { return nil }
        if let initial = (isFromClient(packet) ? client : server).initialSequence {
            return tcp.sequence.relative(to: initial)
        }
        return Self.firstSequence(of: packet)
    }

    /// A reset from an end that has sent nothing else: 1, as Wireshark and `show` count a first segment that is no SYN.
    public static func firstSequence(of packet: ObservedPacket) -> UInt32? {
        packet.tcp?.flags.contains(.rst) ?? false ? 1 : nil
    }

    /// The packet's acknowledgment number relative to its receiver's initial sequence number; nil without ACK.
    public func relativeAcknowledgment(_ packet: ObservedPacket) -> UInt32? {
        guard let tcp = packet.tcp, tcp.flags.contains(.ack) else { return nil }
        return (isFromClient(packet) ? server : client).initialSequence.map { tcp.acknowledgment.relative(to: $0) }
    }

    /// Takes the next segment. One that does not belong moves nothing.
    /// - Returns: what it tells about earlier packets.
    @discardableResult
    public mutating func observe(_ packet: ObservedPacket) -> [Revision] {
        // A reset that answers the SYN with a wrong number is noted in the handshake, and moves no state.
        guard let tcp = packet.tcp else { return [] }
        let fromClient = isFromClient(packet)
        guard packet.verdict == .belongs || packet.verdict == .unbelievedReset else {
            observeForeign(packet, fromClient: fromClient)
            return []
        }
        accept(packet.accepts)
        handshake.observe(packet, fromClient: fromClient)
        var revisions: [Revision] = []
        if isSelfConnected {
            observeOwn(packet, tcp)
        } else if fromClient {
            Exchange(packet: packet, tcp: tcp, senderIsClient: true).run(
                &client, &server, &self.closedAtOnce, &revisions, handshake)
        } else {
            Exchange(packet: packet, tcp: tcp, senderIsClient: false).run(
                &server, &client, &self.closedAtOnce, &revisions, handshake)
        }
        if tcp.flags.contains(.fin), firstToClose == nil { firstToClose = packet.source }
        return revisions
    }

    /// The other end answered the SYN with an ACK of another connection.
    /// - Parameter stream: that connection's.
    mutating func noteChallenge(_ packet: ObservedPacket, of stream: UInt32) {
        handshake.noteChallenge(packet, of: stream)
    }

    /// Another connection took its ports over.
    mutating func noteSuccessor(_ syn: Int, _ stream: UInt32) { successor = successor ?? (syn, stream) }

    private mutating func observeForeign(_ packet: ObservedPacket, fromClient: Bool) {
        handshake.observeForeign(packet, fromClient: fromClient)
        foreignCount += 1
        if foreign.count < Self.mostForeign { foreign.append(packet) }
    }

    /// A segment that seemed not to belong did, as a later one shows.
    private mutating func accept(_ number: Int) {
        guard number > 0, foreignCount > 0 else { return }
        foreignCount -= 1
        foreign.removeAll { $0.number == number }
    }

    /// A socket that is connected to itself is both ends: each segment leaves it and arrives at it. RFC 9293 sees a
    /// simultaneous open (section 3.5, figure 7) and, at the end, a simultaneous close.
    private mutating func observeOwn(_ packet: ObservedPacket, _ tcp: TCPHeader) {
        Exchange(packet: packet, tcp: tcp, senderIsClient: true).note(&client, &server)
        server.initialSequence = client.initialSequence
        if tcp.flags.contains(.rst) {
            client.resetPacket = client.resetPacket ?? packet.number
            client.state = .closed
        } else if tcp.flags.contains(.syn) {
            client.state = tcp.flags.contains(.ack) ? .established : client.state == nil ? .synReceived : client.state
        } else if tcp.flags.contains(.fin), client.finSequence == nil {
            client.finSequence = tcp.sequence + UInt32(truncatingIfNeeded: packet.payloadLength)
            client.finPacket = packet.number
            client.state = .closing
        } else if let fin = client.finSequence, tcp.flags.contains(.ack), !tcp.acknowledgment.precedes(fin + 1),
            client.state == .closing
        {
            client.state = .timeWait
        }
        server.state = client.state
        (server.finSequence, server.finPacket, server.nextSequence) = (
            client.finSequence, client.finPacket, client.nextSequence
        )
    }
}
