import Addressing
import Packets

/// One TCP connection as its segments tell it: the state of both ends after each segment (RFC 9293 section 3.3.2, figure 5),
/// seen from between them. A segment moves its sender when it is seen to leave and its receiver as if it arrived.
public struct TCPConnection: Sendable {
    /// One end and what its segments said.
    public struct End: Sendable {
        public let endpoint: Endpoint
        public internal(set) var state: TCPState
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
    }

    /// The end that opened: the sender of the SYN, else of the first segment seen.
    public private(set) var client: End
    /// The other end.
    public private(set) var server: End
    /// Whether the handshake was seen from its SYN on.
    public let sawOpening: Bool
    public private(set) var handshake = Handshake()
    /// Whose FIN was seen first.
    public private(set) var firstToClose: Endpoint?

    /// Begins with the first segment seen.
    public init?(first packet: ObservedPacket) {
        guard let tcp = packet.tcp else { return nil }
        let opening = tcp.flags.contains(.syn)
        // A SYN-ACK first: the capture missed the SYN, and its sender is the server.
        let fromServer = opening && tcp.flags.contains(.ack)
        let (clientEndpoint, serverEndpoint) = fromServer ? (packet.destination, packet.source) : (packet.source, packet.destination)
        sawOpening = opening && !fromServer
        let before: TCPState = opening ? .closed : .established
        client = End(endpoint: clientEndpoint, state: fromServer ? .synSent : before)
        server = End(endpoint: serverEndpoint, state: opening ? .listen : .established)
        observe(packet)
    }

    /// Whether nothing more can come: both ends closed, by FINs that were acknowledged or by a reset.
    public var isOver: Bool {
        func done(_ state: TCPState) -> Bool { state == .closed || state == .timeWait }
        return done(client.state) && done(server.state)
    }

    /// The end that a packet comes from is the client's.
    public func isFromClient(_ packet: ObservedPacket) -> Bool { packet.source == client.endpoint }

    /// The packet's sequence number relative to its sender's initial one.
    public func relativeSequence(_ packet: ObservedPacket) -> UInt32? {
        guard let tcp = packet.tcp else { return nil }
        return (isFromClient(packet) ? client : server).initialSequence.map { tcp.sequence.relative(to: $0) }
    }

    /// The packet's acknowledgment number relative to its receiver's initial sequence number; nil without ACK.
    public func relativeAcknowledgment(_ packet: ObservedPacket) -> UInt32? {
        guard let tcp = packet.tcp, tcp.flags.contains(.ack) else { return nil }
        return (isFromClient(packet) ? server : client).initialSequence.map { tcp.acknowledgment.relative(to: $0) }
    }

    /// Takes the next segment.
    public mutating func observe(_ packet: ObservedPacket) {
        guard let tcp = packet.tcp else { return }
        handshake.observe(packet, fromClient: isFromClient(packet))
        if isFromClient(packet) {
            Self.exchange(packet, tcp, sender: &client, receiver: &server, senderIsClient: true)
        } else {
            Self.exchange(packet, tcp, sender: &server, receiver: &client, senderIsClient: false)
        }
        if tcp.flags.contains(.fin), firstToClose == nil { firstToClose = packet.source }
    }

    private static func exchange(
        _ packet: ObservedPacket, _ tcp: TCPHeader, sender: inout End, receiver: inout End, senderIsClient: Bool
    ) {
        let end = tcp.sequence + packet.sequenceLength
        if sender.initialSequence == nil { sender.initialSequence = tcp.flags.contains(.syn) ? tcp.sequence : SequenceNumber(tcp.sequence.rawValue &- 1) }
        if sender.nextSequence.map({ $0.precedes(end) }) ?? true { sender.nextSequence = end }
        if tcp.flags.contains(.ack) {
            if receiver.initialSequence == nil { receiver.initialSequence = SequenceNumber(tcp.acknowledgment.rawValue &- 1) }
            if sender.acknowledged.map({ $0.precedes(tcp.acknowledgment) }) ?? true { sender.acknowledged = tcp.acknowledgment }
        }
        if tcp.flags.contains(.rst) {
            if sender.resetPacket == nil { sender.resetPacket = packet.number }
            sender.state = .closed
            receiver.state = .closed
            return
        }
        if tcp.flags.contains(.syn) { open(tcp, sender: &sender, receiver: &receiver, senderIsClient: senderIsClient) }
        if tcp.flags.contains(.ack) { acknowledge(tcp, sender: &sender, receiver: &receiver) }
        if tcp.flags.contains(.fin) { finish(packet, tcp, sender: &sender, receiver: &receiver) }
    }

    /// Figure 5, the upper half: LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED.
    private static func open(_ tcp: TCPHeader, sender: inout End, receiver: inout End, senderIsClient: Bool) {
        if tcp.flags.contains(.ack) {
            if sender.state == .listen || sender.state == .closed { sender.state = .synReceived }
            if receiver.state == .synSent { receiver.state = .established }
        } else {
            if sender.state == .closed { sender.state = .synSent }
            // Simultaneous open (RFC 9293 section 3.5, figure 7): both ends sent a SYN.
            if receiver.state == .listen || receiver.state == .synSent { receiver.state = .synReceived }
        }
    }

    /// An ACK moves the receiver: it may acknowledge its SYN or its FIN.
    private static func acknowledge(_ tcp: TCPHeader, sender: inout End, receiver: inout End) {
        if receiver.state == .synReceived { receiver.state = .established }
        guard let fin = receiver.finSequence, !tcp.acknowledgment.precedes(fin + 1) else { return }
        switch receiver.state {
        case .finWait1: receiver.state = .finWait2
        case .closing: receiver.state = .timeWait
        case .lastACK: receiver.state = .closed
        default: break
        }
    }

    /// Figure 5, the lower half: a FIN moves its sender when it leaves and its receiver when it arrives.
    private static func finish(_ packet: ObservedPacket, _ tcp: TCPHeader, sender: inout End, receiver: inout End) {
        if sender.finSequence == nil {
            sender.finSequence = tcp.sequence + UInt32(truncatingIfNeeded: packet.payloadLength)
            sender.finPacket = packet.number
            switch sender.state {
            case .established, .synReceived: sender.state = .finWait1
            case .closeWait:
                // It may have sent this before the other's FIN reached it: then both close at once (section 3.6, figure 13).
                let knewOfFIN = receiver.finSequence.map { tcp.flags.contains(.ack) && !tcp.acknowledgment.precedes($0 + 1) } ?? false
                sender.state = knewOfFIN ? .lastACK : .closing
            default: break
            }
            switch receiver.state {
            case .established, .synReceived: receiver.state = .closeWait
            case .finWait1: receiver.state = .closing
            case .finWait2: receiver.state = .timeWait
            default: break
            }
        }
    }
}
