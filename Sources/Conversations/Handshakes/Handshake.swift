import Addressing
import Packets

/// The three-way handshake of one connection (RFC 9293 section 3.5): its segments, and what the two ends agreed on.
public struct Handshake: Hashable, Sendable {
    /// The first SYN.
    public private(set) var syn: ObservedPacket?
    /// The same SYN sent again because nobody answered, in order.
    public private(set) var repeatedSYNs: [ObservedPacket] = []
    /// The other end's own SYN that crossed the first one: a simultaneous open (figure 7).
    public private(set) var crossingSYN: ObservedPacket?
    /// The answer to the SYN.
    public private(set) var synACK: ObservedPacket?
    /// The same SYN-ACK sent again because its ACK did not come.
    public private(set) var repeatedSYNACKs: [ObservedPacket] = []
    /// The third segment: the client's first that acknowledges the SYN-ACK and stands right behind its SYN. In a
    /// simultaneous open the client's SYN-ACK.
    public private(set) var ack: ObservedPacket?
    /// The client's first segment that acknowledges the SYN-ACK but stands further on: the third itself was not
    /// captured.
    public private(set) var laterACK: ObservedPacket?
    /// A RST that answers the SYN: nobody listens, or somebody forbids it.
    public private(set) var refusal: ObservedPacket?
    /// A RST that acknowledges something else than the SYN: it is not acceptable (RFC 9293 section 3.10.7.3).
    public private(set) var strayReset: ObservedPacket?
    /// An ACK of another connection that came in answer to the SYN: the other end still knew that one (RFC 9293
    /// section 3.5.1, figure 9), and sends a challenge ACK (RFC 5961 section 4).
    public private(set) var challenge: ObservedPacket?
    /// `tcp.stream` of that connection; nil where the capture does not have it.
    public private(set) var challengedStream: UInt32?
    /// The RST with which the client ended that connection.
    public private(set) var challengeReset: ObservedPacket?
    /// So many repeated segments are kept; nobody sends more (Linux gives up after 6).
    private static let mostRepeated = 64

    init() {}

    mutating func observe(_ packet: ObservedPacket, fromClient: Bool) {
        // In a simultaneous open both send a SYN-ACK; the client's may come first and counts as the third segment.
        if crossingSYN != nil, ack != nil, synACK == nil, !fromClient, packet.tcp?.flags.contains([.syn, .ack]) == true
        {
            synACK = packet
        }
        guard ack == nil, laterACK == nil, refusal == nil, let tcp = packet.tcp else { return }
        if packet.source == packet.destination { return observeOwn(packet, tcp) }
        if fromClient { observeClient(packet, tcp) } else { observeServer(packet, tcp) }
    }

    /// Takes a segment that does not belong to this connection.
    mutating func observeForeign(_ packet: ObservedPacket, fromClient: Bool) {
        guard let tcp = packet.tcp, syn != nil, synACK == nil else { return }
        if fromClient {
            guard packet.verdict == .resetsStray, challengeReset == nil, tcp.sequence == challenge?.tcp?.acknowledgment
            else {
                return
            }
            challengeReset = packet
        } else if packet.verdict == .ofEarlierConnection, tcp.flags.contains(.ack), packet.sequenceLength == 0,
            !tcp.flags.contains(.rst)
        {
            noteChallenge(packet, of: nil)
        }
    }

    /// The other end answered the SYN with an ACK of another connection.
    mutating func noteChallenge(_ packet: ObservedPacket, of stream: UInt32?) {
        guard challenge == nil, syn != nil, synACK == nil else { return }
        (challenge, challengedStream) = (packet, stream)
    }

    private mutating func observeClient(_ packet: ObservedPacket, _ tcp: TCPHeader) {
        if tcp.flags.contains(.syn), !tcp.flags.contains(.ack) {
            if syn == nil { syn = packet } else { Self.keep(packet, in: &repeatedSYNs) }
            return
        }
        guard tcp.flags.contains(.ack), !tcp.flags.contains(.rst), let initial = (synACK ?? crossingSYN)?.tcp?.sequence,
            initial.precedes(tcp.acknowledgment)
        else { return }
        if tcp.flags.contains(.syn) {
            // The client's answer to a SYN that crossed its own.
            if crossingSYN != nil { ack = packet }
        } else if tcp.acknowledgment == initial + 1 || hasFastOpenData, let first = syn?.tcp?.sequence,
            tcp.sequence == first + 1 || tcp.sequence == dataEnd
        {
            // With Fast Open the server may answer before its SYN-ACK is acknowledged (RFC 7413 section 3): the
            // client's first segment then acknowledges that data, too.
            ack = packet
        } else {
            laterACK = packet
        }
    }

    private mutating func observeServer(_ packet: ObservedPacket, _ tcp: TCPHeader) {
        if tcp.flags.contains(.rst) {
            guard synACK == nil, syn != nil else { return }
            if tcp.flags.contains(.ack), acknowledgesSYN(tcp.acknowledgment) {
                refusal = packet
            } else if strayReset == nil {
                strayReset = packet
            }
        } else if tcp.flags.contains([.syn, .ack]) {
            if synACK == nil { synACK = packet } else { Self.keep(packet, in: &repeatedSYNACKs) }
        } else if tcp.flags.contains(.syn), synACK == nil, crossingSYN == nil {
            crossingSYN = packet
        }
    }

    /// A socket that reached itself: its SYN, then its SYN-ACK, which acknowledges both.
    private mutating func observeOwn(_ packet: ObservedPacket, _ tcp: TCPHeader) {
        if tcp.flags.contains([.syn, .ack]) {
            synACK = packet
            ack = packet
        } else if tcp.flags.contains(.syn) {
            if syn == nil { syn = packet } else { Self.keep(packet, in: &repeatedSYNs) }
        } else if tcp.flags.contains([.rst, .ack]), acknowledgesSYN(tcp.acknowledgment) {
            refusal = packet
        }
    }

    private static func keep(_ packet: ObservedPacket, in list: inout [ObservedPacket]) {
        if list.count < mostRepeated { list.append(packet) }
    }

    private func acknowledgesSYN(_ acknowledgment: SequenceNumber) -> Bool {
        guard let first = syn?.tcp?.sequence, let end = dataEnd else { return false }
        return first.precedes(acknowledgment) && !end.precedes(acknowledgment)
    }

    /// Whether the SYN carried data, which the server may answer at once (RFC 7413).
    private var hasFastOpenData: Bool { (syn?.payloadLength ?? 0) > 0 }

    /// The SYN-ACK, where the capture has it before the client sent its SYN again: it did not arrive, or was ignored.
    public var unheededSYNACK: ObservedPacket? {
        guard let synACK, let again = repeatedSYNs.first, synACK.number < again.number else { return nil }
        return synACK
    }

    /// One past the SYN and the data that it carried (RFC 7413).
    private var dataEnd: SequenceNumber? { syn.flatMap { syn in syn.tcp.map { $0.sequence + syn.sequenceLength } } }

    /// Whether all three segments were seen.
    public var isComplete: Bool { syn != nil && synACK != nil && ack != nil }

    /// Whether it was tried and did not come about, as far as was captured.
    public var failed: Bool { syn != nil && ack == nil && laterACK == nil }

    /// The last SYN that was sent before an answer came.
    public var lastSYN: ObservedPacket? { repeatedSYNs.last ?? syn }

    // MARK: The round trip

    /// The SYN that the SYN-ACK answers. Where the SYN was sent more than once, the echoed timestamp tells which one
    /// (RFC 7323 section 4.1); without timestamps, or where two SYNs carry the same, nobody can tell.
    public var answeredSYN: ObservedPacket? {
        // A SYN that was alone when the SYN-ACK came is the one that it answers.
        if repeatedSYNs.isEmpty || unheededSYNACK != nil { return syn }
        guard let echo = synACK?.tcp.flatMap(Self.timestamps)?.echo, let syn else { return nil }
        let matches = ([syn] + repeatedSYNs).filter { $0.tcp.flatMap(Self.timestamps)?.value == echo }
        return matches.count == 1 ? matches.first : nil
    }

    /// Whether it cannot be told from which SYN to which ACK a round trip went (Karn's rule, RFC 6298 section 3).
    ///
    /// A SYN that is sent again although its answer is in the capture makes it so, too: the third segment may follow
    /// from the repetition.
    public var isRoundTripAmbiguous: Bool {
        answeredSYN == nil || unheededSYNACK != nil || !repeatedSYNACKs.isEmpty
    }

    /// The SYN that `roundTrip` counts from: the one that was answered, else the last one.
    public var roundTripStart: ObservedPacket? { answeredSYN ?? lastSYN }

    /// The segment that ends the handshake: the third one. Where both opened at once, the later of the two SYN-ACKs,
    /// with which both SYNs are acknowledged; nil where that was not seen.
    public var roundTripEnd: ObservedPacket? {
        guard crossingSYN != nil else { return ack }
        guard let ack, let synACK else { return nil }
        return ack.number > synACK.number ? ack : synACK
    }

    /// From `roundTripStart` to `roundTripEnd`, in nanoseconds: one round trip as the client's side of the wire saw it.
    public var roundTrip: Int64? {
        guard let sent = roundTripStart, let end = roundTripEnd else { return nil }
        return end.time.elapsed(since: sent.time)
    }

    /// The way to the server and back as seen from where the capture was made: from that SYN to the SYN-ACK.
    public var serverRoundTrip: Int64? {
        guard let sent = roundTripStart, let synACK else { return nil }
        return synACK.time.elapsed(since: sent.time)
    }

    private static func timestamps(_ header: TCPHeader) -> (value: UInt32, echo: UInt32)? {
        for case .timestamps(let value, let echo) in header.options { return (value, echo) }
        return nil
    }

    // MARK: Options

    /// The options that a SYN offered.
    public struct Offer: Hashable, Sendable {
        /// The MSS option (RFC 9293 section 3.7.1), in bytes.
        public var maximumSegmentSize: UInt16?
        /// The shift of the window scale option (RFC 7323 section 2).
        public var windowScale: UInt8?
        /// Whether selective acknowledgments may be sent (RFC 2018).
        public var sackPermitted = false
        /// Whether the timestamps option was there (RFC 7323 section 3).
        public var timestamps = false
        /// False where the capture cut the options off, or the header is malformed: then what is not here may have been
        /// offered all the same.
        public var isWhole = true

        /// Reads the options of a SYN or SYN-ACK.
        public init(_ packet: ObservedPacket) {
            isWhole = packet.hasWholeHeader && !packet.isMalformed
            guard let header = packet.tcp else { return }
            for option in header.options {
                switch option {
                case .maximumSegmentSize(let size): maximumSegmentSize = size
                case .windowScale(let shift): windowScale = shift
                case .sackPermitted: sackPermitted = true
                case .timestamps: timestamps = true
                default: break
                }
            }
        }
    }

    /// What the client's SYN offered; nil where it was not seen.
    public var clientOffer: Offer? { syn.map(Offer.init) }
    /// What the server's SYN-ACK, or its crossing SYN, offered; nil where neither was seen.
    public var serverOffer: Offer? { (synACK ?? crossingSYN).map(Offer.init) }

    /// Scaling works only where both ends offered it (RFC 7323 section 2.2), and SACK and timestamps likewise.
    public var windowScaling: Bool { clientOffer?.windowScale != nil && serverOffer?.windowScale != nil }
    /// Whether selective acknowledgments are used.
    public var sack: Bool { clientOffer?.sackPermitted == true && serverOffer?.sackPermitted == true }
    /// Whether timestamps are used.
    public var timestamps: Bool { clientOffer?.timestamps == true && serverOffer?.timestamps == true }
}

extension Handshake {
    /// The largest segment that an end takes whose SYN has no MSS option (RFC 9293 section 3.7.1).
    public static func standardSegmentSize(of address: IPAddress) -> UInt16 {
        switch address {
        case .v4: 536
        case .v6: 1220
        }
    }
}
