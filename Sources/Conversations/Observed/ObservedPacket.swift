import Addressing
import Packets

/// One TCP segment or UDP datagram as it was seen, owned: what a handshake card, a ladder and an account are made from.
/// Where TCP analysis has looked at it, its marks come along.
public struct ObservedPacket: Hashable, Sendable {
    /// The record's number in the capture, from 1.
    public let number: Int
    /// When it was captured.
    public let time: Timestamp
    /// TCP or UDP.
    public let transport: Transport
    /// Who sent it.
    public let source: Endpoint
    /// Whom it is for.
    public let destination: Endpoint
    /// nil for UDP.
    public let tcp: TCPHeader?
    /// Payload bytes on the wire.
    public let payloadLength: Int
    /// Bytes on the wire, link header included; of a datagram that came in fragments those of all its frames.
    public let wireLength: Int
    /// How many frames brought it: more than one where it came in fragments. `number` and `time` are the last one's.
    public private(set) var frames = 1
    /// The IP packet's length on the wire, header included.
    public let networkLength: Int
    /// What its transport checksum was found to be.
    public let checksum: ChecksumStatus
    /// Whether the transport header was captured to its end; where not, options may be missing.
    public var hasWholeHeader = true
    /// Whether the data offset cannot be right: below 20 bytes, or beyond the segment. Then neither options nor data
    /// are known.
    public var isMalformed = false
    /// Whether the segment belongs to its connection.
    public var verdict = SegmentVerdict.belongs
    /// Whether what it carries asks or answers; nil where its protocol does not say so.
    public var asks: Bool?
    /// What TCP analysis found remarkable beside the segments that belong; empty where nobody analysed.
    public var marks: TCPMarks = []
    /// Where it repeats an ACK, the n-th repetition; 0 for none.
    public var duplicateNumber: UInt32 = 0
    /// The number of the packet whose ACK it repeats; 0 for none.
    public var duplicateOf: UInt32 = 0
    /// The packet that this ACK answers, which does not belong to the connection, and the stream that that one counts
    /// for; 0 for none.
    public var answers = 0
    package var answersStream: UInt32 = 0
    /// An earlier packet that seemed not to belong to the connection, and did, as this one shows; 0 for none.
    public var accepts = 0
    /// What it carries, in a few words; nil where that is not to be shown, or no words can say it.
    public var words: PayloadWords?

    /// A packet put together from its parts.
    public init(
        number: Int, time: Timestamp, transport: Transport, source: Endpoint, destination: Endpoint, tcp: TCPHeader?,
        payloadLength: Int, wireLength: Int, networkLength: Int, checksum: ChecksumStatus
    ) {
        self.number = number
        self.time = time
        self.transport = transport
        self.source = source
        self.destination = destination
        self.tcp = tcp
        self.payloadLength = payloadLength
        self.wireLength = wireLength
        self.networkLength = networkLength
        self.checksum = checksum
    }

    /// Takes a dissected record's values; nil where it has no TCP or UDP layer of its own, or no time.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts) {
        guard let ends = TransportEnds(record, dissection) else { return nil }
        self.init(record, ends, facts)
    }

    /// The same of the TCP or UDP layer that begins at `layer`.
    public init?(_ record: RawSpan, _ dissection: borrowing Dissection, _ facts: PacketFacts, at layer: Int32) {
        guard let ends = TransportEnds(record, dissection, at: layer) else { return nil }
        self.init(record, ends, facts)
    }

    /// The same where the ends are known already.
    public init?(_ record: RawSpan, _ ends: TransportEnds, _ facts: PacketFacts) {
        guard let time = facts.timestamp else { return nil }
        number = facts.number
        self.time = time
        transport = ends.transport
        source = ends.sourceEndpoint
        destination = ends.destinationEndpoint
        if ends.transport == .tcp {
            guard let segment = try? TCPSegment(record.extracting(ends.layer.range)) else { return nil }
            tcp = TCPHeader(segment)
            // Where the capture cut the header off, what is missing of it is no payload.
            let header = max(TCPSegment.minimumLength, segment.headerLength)
            let length = Int(ends.layer.claimedEnd - ends.layer.start)
            isMalformed = segment.headerLength < TCPSegment.minimumLength || header > length
            payloadLength = isMalformed ? 0 : length - header
            hasWholeHeader = ends.layer.range.count >= header
        } else {
            tcp = nil
            payloadLength = ends.layer.claimedPayloadLength
        }
        wireLength = facts.wireLength + Int(facts.earlierFragments.wireBytes)
        frames = 1 + Int(facts.earlierFragments.packets)
        networkLength = ends.networkLength
        checksum = TransportChecksum.status(record, ends)
        asks = ends.asks
        if facts.transport.tcpLayer == ends.layer.start {
            verdict = facts.transport.verdict
            marks = facts.transport.heeded.marks
            duplicateNumber = facts.transport.heeded.duplicateNumber
            duplicateOf = facts.transport.heeded.duplicateOf
            answers = Int(facts.transport.heeded.answers)
            answersStream = facts.transport.heeded.answersStream
            accepts = Int(facts.transport.heeded.accepts)
        }
    }

    /// Which end opened, and which was called, where this is the first packet that was captured of a conversation.
    package var ends: (client: Endpoint, server: Endpoint) {
        ConnectionRoles.isFromClient(self) ? (source, destination) : (destination, source)
    }

    /// Sequence space that the segment takes: its payload, and one each for SYN and FIN (RFC 9293 section 3.4).
    public var sequenceLength: UInt32 {
        let flags = tcp?.flags ?? []
        return UInt32(truncatingIfNeeded: payloadLength) &+ (flags.contains(.syn) ? 1 : 0)
            &+ (flags.contains(.fin) ? 1 : 0)
    }
}
